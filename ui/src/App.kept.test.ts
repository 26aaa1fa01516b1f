// What was typed and cannot be saved is asked about on every way out of the editor, and is never lost without a word.
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import App from './App.svelte'
import Editor from './features/editor/Editor.svelte'
import type { Door, SnapshotView } from './lib/ipc'
import { fakeDoor, typicalSnapshot } from './lib/ipc/fake'
import { Board } from './lib/state/board.svelte'
import Toast from './shared/Toast.svelte'

const editor = () => screen.findByRole('complementary', { name: 'Reminder' })
const row = (name: RegExp) => screen.findByRole('button', { name })

/** A door that saves nothing as long as it is shut. */
function shutDoor() {
  const door = fakeDoor(typicalSnapshot())
  const state = { shut: true }
  const edit: Door['edit'] = (id, on, wish) => (state.shut ? Promise.reject(new Error('shut')) : door.edit(id, on, wish))
  return { state, door: { ...door, edit } }
}

async function typed(door: Door, field = 'Notes', text = 'Ask about the tap') {
  const user = userEvent.setup()
  render(App, { props: { door } })
  await user.click(await row(/^Call the plumber/))
  await user.type(await within(await editor()).findByLabelText(field), text)
  return { user }
}

describe('a way out of the editor asks about what cannot be saved', () => {
  it.each<[string, (user: ReturnType<typeof userEvent.setup>, errand: () => void) => Promise<unknown> | void]>([
    ['the rail', async (user) => user.click(screen.getByRole('button', { name: 'Lists' }))],
    ['Escape on a row', async () => fireEvent.keyDown(await row(/^Return the library books/), { key: 'Escape' })],
    ['a number', async () => fireEvent.keyDown(await row(/^Return the library books/), { key: '3' })],
    ['an errand', (_, errand) => errand()],
  ])('%s', async (_, leave) => {
    const { door } = shutDoor()
    const tells: (() => void)[] = []
    let errand: SnapshotView['errand'] = null
    const told: Door = { ...door, snapshot: async () => ({ ...(await door.snapshot()), errand }), ranErrand: async () => void (errand = null), onChange: (call) => (tells.push(call), door.onChange(call)) }
    const { user } = await typed(told)
    await leave(user, () => {
      errand = { kind: 'follow', follow: 'https://school.example/x.ics', id: null, on: null }
      tells.forEach((tell) => tell())
    })
    const without = await within(await editor()).findByRole('button', { name: 'Close without it' })
    expect(within(await editor()).getByLabelText('Notes')).toHaveValue('Ask about the tap')
    await user.click(without)
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'Reminder' })).toBeNull())
    // It was said that it may go.
    expect(screen.queryByText(/^Not saved in/)).toBeNull()
  })

  it('goes on to where the person wanted', async () => {
    const { door } = shutDoor()
    const { user } = await typed(door)
    await user.click(screen.getByRole('button', { name: 'Lists' }))
    await user.click(await within(await editor()).findByRole('button', { name: 'Close without it' }))
    expect(await screen.findByRole('heading', { name: 'Another list' }, { timeout: 3000 })).toBeInTheDocument()
  })

  it('each time', async () => {
    const { door, state } = shutDoor()
    const { user } = await typed(door)
    await user.keyboard('{Escape}{Escape}')
    const panel = within(await editor())
    await panel.findByRole('button', { name: 'Close without it' })
    state.shut = false
    await user.click(panel.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(panel.queryByRole('button', { name: 'Close without it' })).toBeNull())
    expect((await door.reminder('r2', null)).notes).toBe('Ask about the tap')
    state.shut = true
    await user.type(panel.getByLabelText('Notes'), ' too')
    await user.keyboard('{Escape}')
    expect(await panel.findByRole('button', { name: 'Close without it' })).toBeInTheDocument()
    state.shut = false
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'Reminder' })).toBeNull())
    expect((await door.reminder('r2', null)).notes).toBe('Ask about the tap too')
  })
})

it('keeps in a toast what could not be saved after the editor went', async () => {
  const { door } = shutDoor()
  const board = new Board(door)
  await board.load()
  const { unmount } = render(Editor, { props: { board, id: 'r2', on: null, onclose: () => {} } })
  await userEvent.type(await screen.findByLabelText('Notes'), 'Ask about the tap')
  unmount()
  await waitFor(() => expect(board.toast?.text).toBe('Not saved in Call the plumber:'))
  render(Toast, { props: { board, toast: board.toast ?? { text: '' } } })
  expect(screen.getByText('Ask about the tap')).toBeInTheDocument()
  expect(screen.getByRole('button', { name: 'Copy' })).toBeInTheDocument()
  // It outlives what passes.
  board.offer('done', async () => {})
  board.dropToast()
  expect(board.toast?.lost).toBe('Ask about the tap')
  board.dropToast()
  expect(board.toast).toBeNull()
})

it('keeps what was typed readable where the reminder went meanwhile', async () => {
  const { door } = shutDoor()
  await typed(door)
  await door.remove('r2')
  const panel = within(await editor())
  expect(await panel.findByLabelText('What you typed and was not saved')).toHaveValue('Ask about the tap')
  expect(panel.getByRole('button', { name: 'Copy' })).toBeInTheDocument()
  expect(panel.getByRole('alert')).toHaveTextContent('This reminder was removed. What you typed and was not saved is kept here, to copy.')
})

it.each([[true, 'is kept here'], [false, 'Your other reminders are as they were.']])('offers nothing that cannot work where the reminder went meanwhile: typed %s', async (isTyped, words) => {
  const { door } = shutDoor()
  const user = userEvent.setup()
  render(App, { props: { door } })
  await user.click(await row(/^Call the plumber/))
  const panel = within(await editor())
  const notes = await panel.findByLabelText('Notes')
  if (isTyped) {
    await user.type(notes, 'Ask about the tap{Tab}')
    await panel.findByRole('button', { name: 'Try again' })
  }
  await act(() => door.remove('r2'))
  const alert = await waitFor(() => {
    expect(panel.getByRole('alert')).toHaveTextContent(words)
    return panel.getByRole('alert')
  })
  expect(alert).not.toHaveTextContent('r2')
  expect(panel.queryByRole('button', { name: 'Try again' })).toBeNull()
  expect(panel.queryByLabelText('Done')).toBeNull()
  expect(panel.getAllByRole('status').map((one) => one.textContent)).toEqual([''])
  await act(() => door.undo('r2', false))
  expect(await panel.findByLabelText('Notes')).toHaveValue(isTyped ? 'Ask about the tap' : '')
  expect(panel.getByLabelText('Done')).toBeInTheDocument()
})

it('says of a long title in a toast what was done', async () => {
  const home = typicalSnapshot()
  const title = 'Return the library books about Donaudampfschifffahrtsgesellschaften to the branch at the river'
  const user = userEvent.setup()
  render(App, { props: { door: fakeDoor({ ...home, agenda: home.agenda.map((one) => (one.id === 'r2' ? { ...one, title } : one)) }) } })
  ;(await row(/^Return the library books about/)).focus()
  await user.keyboard(' ')
  expect((await screen.findByRole('button', { name: 'Undo' })).parentElement).toHaveTextContent(/^Return the library books about Donau…: done/)
})

describe('done', () => {
  it('in the editor is said of the date of its row, as it is in the agenda', async () => {
    const door = fakeDoor(typicalSnapshot())
    const asked: unknown[] = []
    const user = userEvent.setup()
    render(App, { props: { door: { ...door, setDone: async (...all) => { asked.push(all); return door.setDone(...all) } } } })
    await user.click(await row(/^Put the paper bin out/))
    const panel = within(await editor())
    const box = await panel.findByLabelText(/^Done: .*November/)
    await user.click(box)
    await waitFor(() => expect(asked).toEqual([['r3', '2026-11-24', true]]))
    await row(/^Put the paper bin out, .*December/)
    expect(box).toBeChecked()
    await user.click(box)
    await waitFor(() => expect(asked[1]).toEqual(['r3', '2026-11-24', false]))
    await waitFor(() => expect(box).not.toBeChecked())
  })

  it('of a whole series has a button of its own, and is taken back in the editor and with the space bar', async () => {
    const door = fakeDoor(typicalSnapshot())
    const user = userEvent.setup()
    render(App, { props: { door } })
    await user.click(await row(/^Put the paper bin out/))
    const panel = within(await editor())
    await user.click(await panel.findByRole('button', { name: 'Whole series is done' }))
    const box = await panel.findByLabelText('Whole series is done')
    expect(box).toBeChecked()
    await user.click(box)
    await panel.findByLabelText(/^Done: .*November/)
    await user.click(await panel.findByRole('button', { name: 'Whole series is done' }))
    await panel.findByLabelText('Whole series is done')
    const line = await row(/^Put the paper bin out.*done/)
    await fireEvent.keyDown(line, { key: ' ' })
    await waitFor(async () => expect((await door.reminder('r3', null)).done).toBe(false))
    expect(screen.getAllByText('Put the paper bin out: the series is not done').length).toBeGreaterThan(0)
  })

  it('is not ticked where it was refused', async () => {
    const door = fakeDoor(typicalSnapshot())
    const user = userEvent.setup()
    render(App, { props: { door: { ...door, setDone: () => Promise.reject(new Error('no')) } } })
    const box = await screen.findByLabelText('Done: Call the plumber')
    await user.click(box)
    await screen.findByRole('alert')
    expect(box).not.toBeChecked()
    await user.click(await row(/^Call the plumber/))
    const own = await within(await editor()).findByLabelText('Done')
    await user.click(own)
    await waitFor(() => expect(own).not.toBeChecked())
  })
})

it('offers an undo that failed again', async () => {
  const door = fakeDoor(typicalSnapshot())
  const user = userEvent.setup()
  let shut = true
  render(App, { props: { door: { ...door, undo: (...all) => (shut ? Promise.reject(new Error('no')) : door.undo(...all)) } } })
  await fireEvent.keyDown(await row(/^Call the plumber/), { key: 'Delete' })
  await user.click(await screen.findByRole('button', { name: 'Undo' }))
  await screen.findByRole('alert')
  shut = false
  await user.click(screen.getByRole('button', { name: 'Undo' }))
  expect(await row(/^Call the plumber/)).toBeInTheDocument()
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull())
})
