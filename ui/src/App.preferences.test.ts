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
