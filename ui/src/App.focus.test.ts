// Where the cursor is when a button went, or something opened in its place: never nowhere.
import { render, screen, waitFor } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import App from './App.svelte'
import { fakeDoor, SCENES, typicalSnapshot } from './lib/ipc/fake'

type User = ReturnType<typeof userEvent.setup>
const press = async (user: User, name: string | RegExp) => {
  ;(await screen.findByRole('button', { name })).focus()
  await user.keyboard('{Enter}')
}
const at = (name: string | RegExp, role = 'button') => waitFor(() => expect(screen.getByRole(role, { name })).toHaveFocus())

/** View, the button that opens, what opens, and its way back. */
const OPENS: [view: string, before: string | null, button: string | RegExp, group: string | RegExp, back: string][] = [
  ['Activity', null, /^Undo this run of Nov 20/, /./, 'Cancel'],
  ['Lists', null, 'Keep in Outlook: Household', /Household/, 'Cancel'],
  ['Lists', null, 'Details of School', 'Details of School', 'Close'],
  ['Lists', 'Details of School', 'Remove the list', /Remove School/, 'Cancel'],
  ['Accounts', null, /^Sign .*out/, /^Sign .*out/, 'Cancel'],
  ['Settings', null, /^Go back to Nov/, /^Go back to Nov/, 'Cancel'],
]

it.each(OPENS)('is in what opened, and back on its button: %s %s %s', async (view, before, button, group, back) => {
  const user = userEvent.setup()
  render(App, { props: { door: fakeDoor(typicalSnapshot()) } })
  await press(user, view)
  if (view === 'Settings') await user.click(await screen.findByText('Go back to a copy'))
  if (before) await press(user, before)
  await press(user, button)
  await waitFor(() => expect(document.activeElement).toHaveAttribute('role', 'group'))
  expect(document.activeElement).toHaveAccessibleName(group)
  const ways = screen.getAllByRole('button', { name: back }).filter((one) => document.activeElement?.contains(one))
  ways.at(-1)?.focus()
  await user.keyboard('{Enter}')
  await at(button)
})

it('is on what stands in the place of a button', async () => {
  const user = userEvent.setup()
  render(App, { props: { door: fakeDoor(typicalSnapshot()) } })
  await press(user, 'Settings')
  await press(user, 'Pause for an hour')
  await at('Resume')
  await user.keyboard('{Enter}')
  await at('Pause for an hour')
  await press(user, 'Check')
  await at('Check again')
})

it('is on the next one when one is kept', async () => {
  const user = userEvent.setup()
  const door = fakeDoor(SCENES['held']?.())
  const [first, second] = await door.waiting()
  render(App, { props: { door } })
  await press(user, 'Look at them')
  await press(user, `Put into Outlook again: ${first?.title}`)
  await at(`Put into Outlook again: ${second?.title}`)
})

it('is in the view when what had it is gone for good', async () => {
  const user = userEvent.setup()
  render(App, { props: { door: fakeDoor(typicalSnapshot()) } })
  await press(user, 'Lists')
  await press(user, 'Details of School')
  await press(user, 'Remove the list')
  await press(user, 'Remove School')
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Details of School' })).toBeNull())
  await waitFor(() => expect(screen.getByRole('main')).toContainElement(document.activeElement as HTMLElement))
})

it('is on what is next when an alarm is taken off in the editor', async () => {
  const user = userEvent.setup()
  render(App, { props: { door: fakeDoor(typicalSnapshot()) } })
  await press(user, /Renew the passport/)
  const [first] = await screen.findAllByRole('button', { name: /^Remove alarm/ })
  first?.focus()
  await user.keyboard('{Enter}')
  await waitFor(() => expect(screen.getAllByRole('button', { name: /^Remove alarm/ })).toHaveLength(1))
  await waitFor(() => expect(screen.getByRole('complementary')).toContainElement(document.activeElement as HTMLElement))
})
