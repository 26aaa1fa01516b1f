// What a hasty hand does: clicks twice, types on, goes away before all is saved, undoes more than once.
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import App from './App.svelte'
import type { Door } from './lib/ipc'
import { fakeDoor, typicalSnapshot } from './lib/ipc/fake'

const open = (door: Door = fakeDoor(typicalSnapshot())) => render(App, { props: { door } })
const editor = () => screen.findByRole('complementary', { name: 'Reminder' })

describe('a double click', () => {
  it('on a row presses nothing in the editor that comes up under it', async () => {
    open()
    await userEvent.click(await screen.findByRole('button', { name: /^Call the plumber/ }))
    const box = await within(await editor()).findByLabelText<HTMLInputElement>('All day')
    // However long this machine took to find the box, the second click comes at once.
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    await fireEvent(box, new MouseEvent('click', { bubbles: true, cancelable: true, detail: 2 }))
    clock.mockRestore()
    expect(box).not.toBeChecked()
    await fireEvent(box, new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 }))
    expect(box).toBeChecked()
  })
})

describe('quick add', () => {
  it('adds once, however often Enter is pressed, and keeps what is typed meanwhile', async () => {
    const user = userEvent.setup()
    const door = fakeDoor(typicalSnapshot())
    let answer: () => void = () => {}
    const waits = new Promise<void>((done) => (answer = done))
    const asked: string[] = []
    open({ ...door, add: async (words, list) => { asked.push(words); await waits; return door.add(words, list) } })
    const field = await screen.findByLabelText('New reminder')
    await user.type(field, 'Sweep tomorrow 9:00{Enter}{Enter}')
    await user.clear(field)
    await user.type(field, 'Next one')
    answer()
    await screen.findByRole('button', { name: /^Sweep/ })
    expect(asked).toEqual(['Sweep tomorrow 9:00'])
    expect(field).toHaveValue('Next one')
  })
})

describe('an alarm of its own', () => {
  it('is as many days as are typed, also past a week', async () => {
    const user = userEvent.setup()
    const door = fakeDoor(typicalSnapshot())
    open(door)
    await user.click(await screen.findByRole('button', { name: /^Call the plumber/ }))
    const panel = within(await editor())
    await user.selectOptions(await panel.findByLabelText('Alarm 1'), 'other')
    await user.selectOptions(panel.getByLabelText('Unit'), 'days')
    const count = panel.getByLabelText('How many')
    await user.clear(count)
    await user.type(count, '75')
    expect(count).toHaveValue(75)
    expect(panel.getByLabelText('Unit')).toHaveDisplayValue('days')
    await user.tab()
    await waitFor(async () => expect((await door.reminder('r2', null)).alarms).toContain(75 * 1440))
  })
})

describe('several alarms', () => {
  it('of which one gets a time of its own stay as they are, however slowly that is typed', async () => {
    const user = userEvent.setup()
    const door = fakeDoor(typicalSnapshot())
    await door.edit('r2', null, { alarms: [0, 5, 15] })
    const saved: unknown[] = []
    open({ ...door, edit: async (id, on, wish) => { saved.push(wish.alarms); return door.edit(id, on, wish) } })
    await user.click(await screen.findByRole('button', { name: /^Call the plumber/ }))
    const panel = within(await editor())
    await user.selectOptions(await panel.findByLabelText('Alarm 3'), 'other')
    const count = panel.getByLabelText('How many')
    await user.clear(count)
    for (const digit of '100') {
      await user.type(count, digit)
      await new Promise((later) => setTimeout(later, 600))
    }
    expect(saved).toEqual([])
    await user.tab()
    await waitFor(async () => expect((await door.reminder('r2', null)).alarms).toEqual([0, 5, 100]))
    await user.selectOptions(panel.getByLabelText('Alarm 1'), 'other')
    await user.clear(panel.getByLabelText('How many'))
    await user.type(panel.getByLabelText('How many'), '30')
    await user.tab()
    await waitFor(async () => expect((await door.reminder('r2', null)).alarms).toEqual([5, 30, 100]))
    expect(panel.getByLabelText('How many')).toHaveValue(30)
  })

  it('of a whole day are so many days before at a time of day', async () => {
    const user = userEvent.setup()
    const door = fakeDoor(typicalSnapshot())
    open(door)
    await user.click(await screen.findByRole('button', { name: /^Renew the passport/ }))
    const panel = within(await editor())
    await user.selectOptions(await panel.findByLabelText('Alarm 1'), 'other')
    expect(panel.getByLabelText('How many')).toHaveValue(1)
    expect(panel.getByLabelText('Time')).toHaveValue('09:00')
    expect(panel.queryByLabelText('Unit')).toBeNull()
    await user.clear(panel.getByLabelText('How many'))
    await user.type(panel.getByLabelText('How many'), '3')
    await fireEvent.input(panel.getByLabelText('Time'), { target: { value: '18:30' } })
    expect(panel.getAllByRole('status').map((one) => one.textContent).join()).toMatch(/3 days before at (18:30|6:30\sPM)/)
    await user.tab()
    await waitFor(async () => expect((await door.reminder('r4', null)).alarms).toContain(3 * 1440 - 1110))
  })
})

describe('the editor', () => {
  it('asks before another reminder takes the place of what is refused', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: /^Call the plumber/ }))
    await user.type(await within(await editor()).findByLabelText('Link'), 'javascript:alert(1)')
    await user.click(screen.getByRole('button', { name: /^Return the library books/ }))
    const panel = within(await editor())
    const close = await panel.findByRole('button', { name: 'Close without it' })
    expect(panel.getByLabelText('Link')).toHaveValue('javascript:alert(1)')
    await user.click(close)
    await user.click(screen.getByRole('button', { name: /^Return the library books/ }))
    expect(await within(await editor()).findByDisplayValue('Return the library books')).toBeInTheDocument()
  })

  it('says itself what one of its buttons could not do', async () => {
    const door = fakeDoor(typicalSnapshot())
    open({ ...door, setDone: () => Promise.reject(new Error('no')) })
    await userEvent.click(await screen.findByRole('button', { name: /^Call the plumber/ }))
    await userEvent.click(await within(await editor()).findByLabelText('Done'))
    expect(await within(await editor()).findByRole('alert')).toBeInTheDocument()
    expect(screen.getAllByRole('alert')).toHaveLength(1)
  })

  it('saves the zone as it closes', async () => {
    const user = userEvent.setup()
    const door = fakeDoor(typicalSnapshot())
    open(door)
    await user.click(await screen.findByRole('button', { name: /^Call the plumber/ }))
    const zone = await within(await editor()).findByLabelText('Time zone')
    await user.clear(zone)
    await user.type(zone, 'Asia/Tokyo')
    await fireEvent(window, new Event('pagehide'))
    await waitFor(async () => expect((await door.reminder('r2', null)).zone).toBe('Asia/Tokyo'))
  })
})

it('takes back more than the last thing that was done', async () => {
  const user = userEvent.setup()
  open()
  for (const name of [/^Call the plumber/, /^Return the library books/]) {
    ;(await screen.findByRole('button', { name })).focus()
    await user.keyboard('{Delete}')
    await waitFor(() => expect(screen.queryByRole('button', { name })).toBeNull())
  }
  await user.keyboard('{Control>}zz{/Control}')
  expect(await screen.findByRole('button', { name: /^Return the library books/ })).toBeInTheDocument()
  expect(await screen.findByRole('button', { name: /^Call the plumber/ })).toBeInTheDocument()
})

describe('a list that is shown alone', () => {
  it('stays when it gets another name, and is let go of when it goes', async () => {
    const user = userEvent.setup()
    const door = fakeDoor(typicalSnapshot())
    open(door)
    await user.click(await screen.findByRole('button', { name: /^Household/ }))
    await door.editList('Household', { name: 'House' })
    const agenda = screen.getByRole('region', { name: 'Agenda' })
    expect(await within(agenda).findByRole('heading', { level: 1, name: 'House' })).toBeInTheDocument()
    await door.removeList('House', false)
    expect(await screen.findByRole('button', { name: /^Call the plumber/ })).toBeInTheDocument()
  })
})

it('names a list that follows what was typed, and says where something is missing', async () => {
  const user = userEvent.setup()
  open()
  await user.click(await screen.findByRole('button', { name: 'Lists' }))
  await user.click(screen.getByRole('button', { name: 'Add list' }))
  expect(screen.getByLabelText('New list')).toHaveFocus()
  await user.click(screen.getByRole('radio', { name: /Follows/ }))
  await user.type(screen.getByLabelText('Follows'), '/home/ada/Bins.ics')
  await user.click(screen.getByRole('button', { name: 'Add list' }))
  expect(await screen.findByText(/follows \/home\/ada\/Bins\.ics/)).toBeInTheDocument()
})
