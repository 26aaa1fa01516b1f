// What is typed in the editor is kept, whatever becomes of the window.
import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import App from '../../App.svelte'
import { fakeDoor, typicalSnapshot } from '../../lib/ipc/fake'

async function open(row: RegExp) {
  const user = userEvent.setup()
  const door = fakeDoor()
  render(App, { props: { door } })
  await user.click(await screen.findByRole('button', { name: row }))
  return { user, door, title: await screen.findByLabelText('Title') }
}

it.each([['is closed', () => window.dispatchEvent(new Event('pagehide'))], ['is put aside', () => document.dispatchEvent(new Event('visibilitychange'))]])('saves at once what was typed before the window %s', async (_, goes) => {
  const { user, door, title } = await open(/Call the plumber/)
  await user.type(title, ' today')
  goes()
  // Less than the moment after which it is saved anyway.
  await waitFor(async () => expect((await door.reminder('r2', null)).title).toBe('Call the plumber today'), { timeout: 200 })
})

it('says of an edit by hand that it was done here, and of a sync that it was Outlook', async () => {
  const door = fakeDoor()
  const entry = { id: 'r2', list: 'l1', op: 'update', title: 'Call the plumber', at: '2026-11-21T11:58:00Z', reason: 'edited here', reason_code: 'edited', conflict: false, changes: [] }
  const history = [{ ...entry, run: 12 }, { ...entry, run: 11 }]
  const opened = await door.reminder('r2', null)
  door.reminder = async () => ({ ...opened, history })
  const user = userEvent.setup()
  render(App, { props: { door } })
  await user.click(await screen.findByRole('button', { name: /Call the plumber/ }))
  await user.click(await screen.findByText('History'))
  const said = () => within(screen.getByRole('region', { name: 'In Outlook' })).getAllByRole('listitem').map((item) => item.querySelector('strong')?.textContent)
  await waitFor(() => expect(said()).toEqual(['changed in Outlook', 'changed']))
})

it('says what is wrong with a field, and its hint, to who cannot see them', async () => {
  const { user, title } = await open(/Call the plumber/)
  expect(title).not.toHaveAttribute('aria-invalid')
  await user.clear(title)
  await user.tab()
  await waitFor(() => expect(title).toHaveAccessibleDescription(/A reminder needs a title/))
  expect(title).toBeInvalid()
  await user.type(title, 'Call Ben')
  await user.tab()
  await waitFor(() => expect(title).not.toHaveAttribute('aria-describedby'))
  expect(title).toBeValid()
})

it.each([[true, 'Title'], [false, null]])('takes the cursor only where it lies over the view: %s', async (narrow, label) => {
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: narrow && query.includes('960px'), media: query, addEventListener() {}, removeEventListener() {} }))
  await open(/Call the plumber/)
  if (label) await waitFor(() => expect(screen.getByLabelText(label)).toHaveFocus())
  else expect(screen.getByRole('button', { name: /Call the plumber/ })).toHaveFocus()
  vi.unstubAllGlobals()
})

it('shows a long title from its beginning, and all of it to who points at it', async () => {
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: query.includes('960px'), media: query, addEventListener() {}, removeEventListener() {} }))
  const { title } = await open(/Call the plumber/)
  await waitFor(() => expect(title).toHaveFocus())
  expect([(title as HTMLInputElement).selectionStart, (title as HTMLInputElement).selectionEnd]).toEqual([0, 0])
  expect(title).toHaveAttribute('title', 'Call the plumber')
  vi.unstubAllGlobals()
})

it('says of a reminder that was found in Outlook that it is there, and opens it there', async () => {
  const door = fakeDoor(typicalSnapshot())
  const there = vi.fn(async () => {})
  render(App, { props: { door: { ...door, openInOutlook: there, reminder: async (id, on) => ({ ...(await door.reminder(id, on)), written_at: null }) } } })
  await userEvent.click(await screen.findByRole('button', { name: /^Return the library books/ }))
  expect(await screen.findByText((_, one) => one?.tagName === 'P' && /^in Outlook, calendar Belfry, found there\.$/i.test(one.textContent ?? ''))).toBeInTheDocument()
  await userEvent.click(screen.getByRole('button', { name: 'Open in Outlook' }))
  expect(there).toHaveBeenCalledWith('r1')
})
