import { describe, expect, it, vi } from 'vitest'
import type { SnapshotView } from '../ipc'
import { emptySnapshot, fakeDoor } from '../ipc/fake'
import { Board, TOAST_MS } from './board.svelte'

const settled = () => new Promise((done) => setTimeout(done))

describe('the board', () => {
  it('asks once more, and only once, for changes that come while it is asking', async () => {
    const answers: ((snapshot: SnapshotView) => void)[] = []
    const board = new Board({ ...fakeDoor(), snapshot: () => new Promise((answer) => answers.push(answer)) })
    void board.load()
    void board.load()
    void board.load()
    expect(answers).toHaveLength(1)
    answers[0]?.({ ...emptySnapshot(), waiting: 1 })
    await settled()
    expect(answers).toHaveLength(2)
    answers[1]?.({ ...emptySnapshot(), waiting: 2 })
    await settled()
    expect(answers).toHaveLength(2)
    expect(board.snapshot?.waiting).toBe(2)
  })

  it('keeps what went wrong on the screen while the rest moves on', async () => {
    const board = new Board(fakeDoor())
    await board.try(() => board.door.add('Water the plants', null))
    await board.load()
    expect(board.trouble?.code).toBe('bad_input')
  })

  it('keeps the way back until it worked, however long that takes', async () => {
    vi.useFakeTimers()
    const board = new Board(fakeDoor())
    let shut = true
    board.offer('Removed: Water the plants', () => (shut ? Promise.reject(new Error('no')) : Promise.resolve()))
    await board.takeBack()
    vi.advanceTimersByTime(TOAST_MS * 3)
    expect(board.toast?.text).toBe('Removed: Water the plants')
    shut = false
    await board.takeBack()
    expect(board.toast).toBeNull()
    vi.useRealTimers()
  })
})
