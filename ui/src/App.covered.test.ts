// In a window that the editor covers nothing below it is reached, and who adds or goes to a view sees it.
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import App from './App.svelte'
import type { Door, SnapshotView } from './lib/ipc'
import { fakeDoor, typicalSnapshot } from './lib/ipc/fake'

const wide = (width: number) =>
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: width <= Number(/max-width: (\d+)px/.exec(query)?.[1] ?? -1), media: query, addEventListener() {}, removeEventListener() {} }))
afterEach(() => void vi.unstubAllGlobals())

const editor = () => screen.queryByRole('complementary', { name: 'Reminder' })
const field = () => screen.findByLabelText('New reminder')
const below = () => [...document.querySelectorAll<HTMLElement>('nav, .page')].map((one) => one.inert)

async function open(width: number, door: Door = fakeDoor(typicalSnapshot())) {
  wide(width)
  render(App, { props: { door } })
  const user = userEvent.setup()
  await user.click(await screen.findByRole('button', { name: /^Call the plumber/ }))
  await screen.findByLabelText('Title')
  return user
}

describe('a window that the editor covers', () => {
  it('has nothing else in reach, and all of it again after it', async () => {
    const user = await open(480)
    expect(below()).toEqual([true, true])
    await user.keyboard('{Escape}')
    await waitFor(() => expect(editor()).toBeNull())
    expect(below()).toEqual([false, false])
    await waitFor(() => expect(screen.getByRole('button', { name: /^Call the plumber/ })).toHaveFocus())
  })

  it.each([480, 900])('adds where it is seen: %i px', async (width) => {
    const user = await open(width)
    await user.keyboard('{Control>}n{/Control}')
    await waitFor(() => expect(editor()).toBeNull())
    await waitFor(async () => expect(await field()).toHaveFocus())
  })

  it('adds where it is seen: from the tray', async () => {
    const door = fakeDoor(typicalSnapshot())
    const tells: (() => void)[] = []
    let errand: SnapshotView['errand'] = null
    await open(480, { ...door, snapshot: async () => ({ ...(await door.snapshot()), errand }), ranErrand: async () => void (errand = null), onChange: (call) => (tells.push(call), door.onChange(call)) })
    errand = { kind: 'add', follow: null, id: null, on: null }
    tells.forEach((tell) => tell())
    await waitFor(() => expect(editor()).toBeNull())
    await waitFor(async () => expect(await field()).toHaveFocus())
  })

  it.each([['1', 'button', /^Call the plumber/], ['2', 'gridcell', /November 21/]] as const)('shows the view that is gone to: %s', async (key, role, name) => {
    await open(480)
    const close = within(editor() as HTMLElement).getByRole('button', { name: 'Close' })
    close.focus()
    await fireEvent.keyDown(close, { key })
    await waitFor(() => expect(editor()).toBeNull())
    await waitFor(() => expect(screen.getByRole(role, { name })).toHaveFocus())
  })

  it('asks before about what cannot be saved, and goes on to the field', async () => {
    const user = await open(480, { ...fakeDoor(typicalSnapshot()), edit: () => Promise.reject(new Error('shut')) })
    await user.type(screen.getByLabelText('Notes'), 'Ask about the tap')
    await user.keyboard('{Control>}n{/Control}')
    const without = await screen.findByRole('button', { name: 'Close without it' })
    expect(await field()).not.toHaveFocus()
    await user.click(without)
    await waitFor(() => expect(editor()).toBeNull())
    await waitFor(async () => expect(await field()).toHaveFocus())
  })
})

it('in a wide window both are there', async () => {
  const user = await open(1040)
  expect(below()).toEqual([false, false])
  await user.keyboard('{Control>}n{/Control}')
  await waitFor(async () => expect(await field()).toHaveFocus())
  await user.click(screen.getByRole('button', { name: 'Month' }))
  expect(editor()).not.toBeNull()
})
