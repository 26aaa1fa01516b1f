// What was done, or was not, is seen where it was asked for.
import { render, screen, waitFor } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import App from './App.svelte'
import { fakeDoor, SCENES } from './lib/ipc/fake'
import { Trouble } from './lib/ipc/door'

const refusal = () => Promise.reject(new Trouble({ code: 'home_unwritable', title: 'The folder cannot be written', detail: 'The disk is full.', action: 'Make room.' }))
const visible = (words: RegExp) => screen.getAllByText(words).filter((one) => !one.closest('.visually-hidden'))

async function backups(door = fakeDoor()) {
  const user = userEvent.setup()
  render(App, { props: { door } })
  await user.click(await screen.findByRole('button', { name: 'Settings' }))
  return { user, make: await screen.findByRole('button', { name: 'Make a copy now' }) }
}
async function restore(user: ReturnType<typeof userEvent.setup>) {
  await user.click(await screen.findByText('Go back to a copy'))
  const [newest] = await screen.findAllByRole('button', { name: /^Go back to Nov/ })
  if (newest) await user.click(newest)
  await user.click(await screen.findByRole('button', { name: 'Go back' }))
}

it('says that a copy was not made, and that nothing was put back', async () => {
  const door = fakeDoor()
  Object.assign(door, { backUp: refusal, restoreBackup: refusal })
  const { user, make } = await backups(door)
  await user.click(make)
  expect(await screen.findByRole('alert')).toHaveTextContent('The disk is full.')
  await user.click(screen.getByRole('button', { name: 'Close' }))
  await restore(user)
  expect(await screen.findByRole('alert')).toHaveTextContent('The disk is full.')
})

it('says that a copy was made, and that everything was put back', async () => {
  const { user, make } = await backups()
  await user.click(make)
  await waitFor(() => expect(visible(/^The copy is made/)).toHaveLength(1))
  await restore(user)
  await waitFor(() => expect(visible(/^Everything is as/)).toHaveLength(1))
})

it.each([['typical', 'The next sync brings back'], ['empty', 'No list of it is kept in Outlook']])('promises back only what a copy can bring back: %s', async (scene, words) => {
  const { user } = await backups(fakeDoor(SCENES[scene]?.()))
  await restore(user)
  await waitFor(() => expect(visible(new RegExp(`^Everything is as in the copy\\. ${words}`))).toHaveLength(1))
})

it('says beside a failed start of a list what failed, though its plan is read anew', async () => {
  const user = userEvent.setup()
  const door = fakeDoor(SCENES['plan']?.())
  door.start = refusal
  render(App, { props: { door } })
  await user.click(await screen.findByRole('button', { name: 'Lists' }))
  await user.click(await screen.findByRole('button', { name: 'Start syncing' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('The disk is full.')
  // One reminder more is another plan.
  const snapshot = door.snapshot
  door.snapshot = async () => {
    const now = await snapshot()
    return { ...now, lists: now.lists.map((one) => ({ ...one, count: one.count + 1 })) }
  }
  const plan = vi.spyOn(door, 'plan')
  await door.ranErrand()
  await waitFor(() => expect(plan).toHaveBeenCalled())
  await new Promise((done) => setTimeout(done, 50))
  expect(screen.getByRole('alert')).toHaveTextContent('The disk is full.')
})

afterEach(() => vi.unstubAllGlobals())

it('says on its button that something was copied', async () => {
  const { user } = await backups()
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  const button = await screen.findByRole('button', { name: 'Copy the data folder' })
  expect(button.querySelector('[data-copied]')).toBeNull()
  await user.click(button)
  await waitFor(() => expect(button.querySelector('[data-copied]')).toHaveTextContent('Copied'))
  expect(write).toHaveBeenCalledOnce()
})

it('says that the clipboard refused, what to do, and shows a link that is nowhere else', async () => {
  const user = userEvent.setup()
  render(App, { props: { door: fakeDoor(SCENES['signing-in']?.()) } })
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('NotAllowedError'))
  await user.click(await screen.findByRole('button', { name: 'Accounts' }))
  await user.click(await screen.findByRole('button', { name: 'Copy link' }))
  expect(await screen.findByRole('alert')).toHaveTextContent(/Nothing was copied.*Ctrl\+C/)
  expect(screen.getByText('https://login.example/authorize')).toBeInTheDocument()
})

it('says why a reminder of a source that is on this computer only is not removed', async () => {
  const user = userEvent.setup()
  render(App, { props: { door: fakeDoor() } })
  const row = await screen.findByRole('button', { name: /^Parents’ evening/ })
  row.focus()
  await user.keyboard('{Delete}')
  expect(await screen.findByRole('alert')).toHaveTextContent('comes from a source and is not in Outlook; here it would come back. Remove it at its source.')
  expect(row).toBeInTheDocument()
})
