// All that is set is seen, all that is asked for is done: default alarms, calendars, a day's new reminder, keys with Caps Lock.
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import App from './App.svelte'
import type { Door } from './lib/ipc'
import { fakeDoor, typicalSnapshot } from './lib/ipc/fake'

async function open(door: Door, view: string) {
  const user = userEvent.setup()
  render(App, { props: { door } })
  await user.click(await screen.findByRole('button', { name: view }))
  return user
}

it.each([['Settings', null], ['Lists', 'Details of Reminders']])('shows every default alarm, and changes one alone: %s', async (view, details) => {
  const door = fakeDoor(typicalSnapshot())
  const defaults = (await door.snapshot()).lists[0]?.defaults
  if (!defaults) throw new Error('no list')
  await door.setDefaults('Reminders', { ...defaults, alarms: [15, 1440] })
  const user = await open(door, view)
  if (details) await user.click(await screen.findByRole('button', { name: details }))
  const second = await screen.findByLabelText('Alarm: Alarm 2')
  expect([screen.getByLabelText('Alarm'), second].map((one) => (one as HTMLSelectElement).value)).toEqual(['15', '1440'])
  await user.selectOptions(screen.getByLabelText('Alarm'), '30')
  await waitFor(async () => expect((await door.snapshot()).lists[0]?.defaults.alarms).toEqual([30, 1440]))
  await user.selectOptions(screen.getByLabelText('Alarm: Alarm 2'), '')
  await waitFor(async () => expect((await door.snapshot()).lists[0]?.defaults.alarms).toEqual([30]))
})

it('offers a calendar once the calendars are known, and says why they are not', async () => {
  const door = fakeDoor(typicalSnapshot())
  let fail: (why: Error) => void = () => {}
  const first = new Promise<never>((_, no) => (fail = no))
  let asked = 0
  const user = await open({ ...door, calendars: (id) => ((asked += 1) === 1 ? first : door.calendars(id)) }, 'Lists')
  await user.click(await screen.findByRole('button', { name: 'Keep in Outlook: Household' }))
  expect(await screen.findByText('Reading the calendars')).toBeInTheDocument()
  expect(screen.queryByRole('button', { name: /Belfry/ })).toBeNull()
  fail(new Error('no network'))
  const again = await screen.findByRole('button', { name: 'Try again' })
  expect(screen.queryByRole('button', { name: /Belfry/ })).toBeNull()
  await user.click(again)
  expect(await screen.findByRole('button', { name: /Belfry/ })).toBeInTheDocument()
})

it('adds what was left in the field on the day that was chosen in the month', async () => {
  const door = fakeDoor(typicalSnapshot())
  const user = await open(door, 'Month')
  const field = screen.getByLabelText('New reminder')
  await user.type(field, 'Sweep')
  const day = await waitFor(() => document.querySelector<HTMLElement>('[data-day="2026-11-25"]') ?? Promise.reject(new Error('none')))
  await user.click(day)
  await fireEvent.keyDown(day, { key: 'N', shiftKey: true })
  await waitFor(() => expect(field).toHaveValue('Sweep 2026-11-25'))
})

it('goes to the field for a new one with Caps Lock too', async () => {
  render(App, { props: { door: fakeDoor(typicalSnapshot()) } })
  await fireEvent.keyDown(await screen.findByRole('button', { name: /^Call the plumber/ }), { key: 'N' })
  await waitFor(() => expect(screen.getByLabelText('New reminder')).toHaveFocus())
})

it('follows a feed over plain http instead only where that is ticked', async () => {
  const door = fakeDoor(typicalSnapshot())
  const asked: unknown[] = []
  const user = await open({ ...door, followInstead: async (...all) => { asked.push(all); return door.followInstead(...all) } }, 'Lists')
  await user.click(await screen.findByRole('button', { name: 'Details of School' }))
  const details = within(await screen.findByRole('group', { name: 'Details of School' }))
  const from = details.getByDisplayValue('https://school.example/dates.ics')
  await user.clear(from)
  await user.type(from, 'http://school.example/dates.ics')
  await user.click(details.getByRole('checkbox', { name: /http/ }))
  await user.click(details.getByRole('button', { name: 'Follow this' }))
  await waitFor(() => expect(asked).toEqual([['School', 'http://school.example/dates.ics', true]]))
})

it('says once that a time is missing', async () => {
  const user = userEvent.setup()
  render(App, { props: { door: fakeDoor(typicalSnapshot()) } })
  await user.type(await screen.findByLabelText('New reminder'), 'Sweep{Enter}')
  await screen.findByText(/says no time/)
  expect(document.querySelector('form .hint')).toBeNull()
})

it('says why the agenda shows fewer than its list has', async () => {
  render(App, { props: { door: fakeDoor(typicalSnapshot()) } })
  const lists = within(await screen.findByRole('navigation', { name: 'Views' }))
  expect(await lists.findByRole('button', { name: /^Household/ })).toHaveAttribute('title', 'The agenda leaves out what is done and what is long over. Left out: 1')
  expect(lists.getByRole('button', { name: /^School/ })).not.toHaveAttribute('title')
})
