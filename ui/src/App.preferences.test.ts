// Two settings that are changed together are both kept, and one that is refused is not shown as if it held.
import { render, screen, waitFor } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import App from './App.svelte'
import { fakeDoor } from './lib/ipc/fake'
import { Trouble } from './lib/ipc/door'

async function settings(door = fakeDoor()) {
  const user = userEvent.setup()
  render(App, { props: { door } })
  await user.click(await screen.findByRole('button', { name: 'Settings' }))
  await screen.findByLabelText('Sync every')
  return { user, door }
}
const later = () => new Promise((done) => setTimeout(done, 30))

it('keeps two that are changed before the first is saved', async () => {
  const door = fakeDoor()
  const { setPreferences: set, setDefaults } = door
  door.setPreferences = async (preferences) => (await later(), set(preferences))
  door.setDefaults = async (name, defaults) => (await later(), setDefaults(name, defaults))
  await settings(door)
  const before = (await door.settings()).preferences
  for (const name of [/^Ring for/, /^Notify me/, 'Reduce motion']) screen.getByLabelText(name).click()
  await waitFor(async () => expect((await door.settings()).preferences).toMatchObject({ tell_due: !before.tell_due, tell_trouble: !before.tell_trouble, motion: 'reduced' }))
  for (const [name, value] of [['Alarm', '60'], ['Alarm of all-day ones', '480']] as const) {
    const select = screen.getByLabelText<HTMLSelectElement>(name)
    select.value = value
    select.dispatchEvent(new Event('change', { bubbles: true }))
  }
  await waitFor(async () => expect((await door.snapshot()).lists[0]?.defaults).toMatchObject({ alarms: [60], all_day_alarms: [480] }))
})

it('shows what holds where a change is refused, and says why', async () => {
  const door = fakeDoor()
  door.setPreferences = () => Promise.reject(new Trouble({ code: 'home_unwritable', title: 'The folder cannot be written', detail: 'The disk is full.', action: '' }))
  const { user } = await settings(door)
  const box = screen.getByLabelText<HTMLInputElement>(/^Ring for/)
  const was = box.checked
  await user.click(box)
  expect(await screen.findByRole('alert')).toHaveTextContent('The disk is full.')
  await waitFor(() => expect(box.checked).toBe(was))
  await user.selectOptions(screen.getByLabelText('Sync every'), '60')
  await waitFor(() => expect(screen.getByLabelText('Sync every')).toHaveValue('5'))
  await user.click(screen.getByRole('radio', { name: 'Dark' }))
  await waitFor(() => expect(screen.getByRole('radio', { name: 'Dark' })).not.toBeChecked())
})

it('says titles in the report only where they are ticked, and shows no report that is not as ticked', async () => {
  const door = fakeDoor()
  const asked: boolean[] = []
  const { report } = door
  door.report = async (titles) => (asked.push(titles), report(titles))
  const { user } = await settings(door)
  const box = screen.getByRole('checkbox', { name: /^Titles of reminders/ })
  expect(box).not.toBeChecked()
  expect(box).toHaveAccessibleDescription(/^Whoever gets the report/)
  await user.click(screen.getByRole('button', { name: 'Check' }))
  expect(await screen.findByRole('textbox', { name: 'Report' })).not.toHaveDisplayValue(/Household/)
  await user.click(box)
  expect(screen.queryByRole('textbox', { name: 'Report' })).not.toBeInTheDocument()
  expect(screen.queryByRole('button', { name: 'Copy report' })).not.toBeInTheDocument()
  await user.click(screen.getByRole('button', { name: 'Check' }))
  expect(await screen.findByRole('textbox', { name: 'Report' })).toHaveDisplayValue(/Household/)
  await user.click(box)
  await user.click(screen.getByRole('button', { name: 'Check' }))
  expect(await screen.findByRole('textbox', { name: 'Report' })).not.toHaveDisplayValue(/Household/)
  expect(asked).toEqual([false, true, false])
})

it('is made larger and smaller by keys and wheel, wherever the cursor is, and keeps what went wrong on the page', async () => {
  const door = fakeDoor()
  const { user } = await settings(door)
  const size = async () => (await door.settings()).preferences.zoom
  const becomes = (wanted: number) => waitFor(async () => expect(await size()).toBe(wanted))
  await user.keyboard('{Control>}+{/Control}')
  await becomes(110)
  expect(await screen.findByText('Size of the content: 110%')).toBeInTheDocument()
  await waitFor(() => expect(screen.getByLabelText('Size of the content')).toHaveDisplayValue('110%'))
  // Held down, faster than anything is saved.
  await user.keyboard('{Control>}+++-{/Control}')
  await becomes(150)
  await user.keyboard('{Control>}0{/Control}')
  await becomes(100)
  await user.keyboard('?')
  expect(await screen.findByText('larger, smaller, usual size')).toBeInTheDocument()
  await user.keyboard('{Meta>}-{/Meta}')
  await becomes(90)
  document.body.dispatchEvent(Object.assign(new Event('wheel', { bubbles: true, cancelable: true }), { deltaY: -100, deltaMode: 0, ctrlKey: true }))
  await becomes(100)
  await user.selectOptions(screen.getByLabelText('Size of the content'), '200')
  await becomes(200)
})

it('is made larger in a field as well, and without what went wrong going away', async () => {
  const door = fakeDoor()
  const { user } = await settings(door)
  const { setPreferences: set } = door
  door.setPreferences = () => Promise.reject(new Trouble({ code: 'home_unwritable', title: 'The folder cannot be written', detail: 'The disk is full.', action: '' }))
  await user.click(screen.getByLabelText(/^Ring for/))
  expect(await screen.findByRole('alert')).toHaveTextContent('The disk is full.')
  door.setPreferences = set
  await user.click(screen.getByRole('button', { name: 'Agenda' }))
  const field = await screen.findByRole('textbox')
  await user.click(field)
  await user.keyboard('{Control>}={/Control}')
  await waitFor(async () => expect((await door.settings()).preferences.zoom).toBe(110))
  expect(field).toHaveValue('')
  expect(screen.getByRole('alert')).toHaveTextContent('The disk is full.')
})

it('offers no copy that cannot be read, and says so', async () => {
  const door = fakeDoor()
  const copy = (name: string, day: number, state: 'whole' | 'newer' | 'unreadable') => ({ file: `/home/ada/backups/${name}.db`, at: `2026-11-${day}T07:30:00Z`, kib: 208, state })
  door.backups = async () => [copy('c-daily', 20, 'unreadable'), copy('b-daily', 19, 'newer'), copy('a-daily', 18, 'whole')]
  const { user } = await settings(door)
  expect(await screen.findByText(/^One is made every day\. The last: Nov 18/)).toBeInTheDocument()
  await user.click(screen.getByText('Go back to a copy'))
  expect(screen.getAllByRole('button', { name: /^Go back to/ })).toHaveLength(1)
  expect(screen.getByText('This copy cannot be read.')).toBeInTheDocument()
  expect(screen.getByText(/^A newer Belfry made it/)).toBeInTheDocument()
})
