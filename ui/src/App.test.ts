import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import App from './App.svelte'
import { emptySnapshot, fakeDoor, typicalSnapshot } from './lib/ipc/fake'

const open = (snapshot = typicalSnapshot()) => render(App, { props: { door: fakeDoor(snapshot) } })

describe('the window', () => {
  it('teaches the next step when it is empty', async () => {
    open(emptySnapshot())
    expect(await screen.findByText('Nothing to remember')).toBeInTheDocument()
    expect(screen.getByRole('button', { name: /On this computer only/ })).toBeDisabled()
  })

  it('shows overdue first, then days', async () => {
    open()
    await screen.findByText('Call the plumber')
    const headings = screen.getAllByRole('heading', { level: 2 }).map((heading) => heading.textContent)
    expect(headings[0]).toBe('Overdue')
    expect(headings[1]).toMatch(/^Today/)
  })

  it('says what it understood and adds it', async () => {
    const user = userEvent.setup()
    open()
    const field = await screen.findByLabelText('New reminder')
    await user.type(field, 'Water the plants tomorrow 9:00')
    expect(await screen.findByText('tomorrow')).toBeInTheDocument()
    await user.keyboard('{Enter}')
    expect(await screen.findByRole('button', { name: /Water the plants/ })).toBeInTheDocument()
    expect(field).toHaveValue('')
  })

  it('keeps what was typed when it cannot be added, and says what to do', async () => {
    const user = userEvent.setup()
    open()
    const field = await screen.findByLabelText('New reminder')
    await user.type(field, 'Water the plants{Enter}')
    expect(await screen.findByRole('alert')).toHaveTextContent('Add a time')
    expect(field).toHaveValue('Water the plants')
  })

  it('marks as done with the space bar and walks with the arrows', async () => {
    const user = userEvent.setup()
    open()
    const first = await screen.findByRole('button', { name: /Return the library books/ })
    first.focus()
    await user.keyboard('{ArrowDown}')
    expect(document.activeElement).toHaveAccessibleName(/Call the plumber/)
    await user.keyboard(' ')
    await waitFor(() => expect(screen.getByRole('button', { name: /Call the plumber/ })).toHaveAttribute('aria-pressed', 'true'))
  })

  it('asks what a first sync cannot know, and does what was answered', async () => {
    const user = userEvent.setup()
    const snapshot = typicalSnapshot()
    snapshot.agenda = snapshot.agenda.map((row) => (row.id === 'r2' ? { ...row, state: 'held' } : row))
    snapshot.attention = { code: 'first_sync_question', title: 'New, or removed elsewhere?', detail: 'One is here and not there.', action: '' }
    open(snapshot)
    expect(await screen.findByRole('button', { name: /Call the plumber.*waiting for you/ })).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'They were removed' })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'They are new, add them' }))
    expect(await screen.findByRole('button', { name: /Call the plumber.*in Outlook/ })).toBeInTheDocument()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('has a message for the administrator ready, and a way to try again', async () => {
    const user = userEvent.setup()
    const snapshot = typicalSnapshot()
    snapshot.accounts = snapshot.accounts.map((account) => ({ ...account, state: 'waiting_for_approval' }))
    open(snapshot)
    await user.click(await screen.findByRole('button', { name: 'Accounts' }))
    await user.click(await screen.findByRole('button', { name: 'Message for the administrator' }))
    const message = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Message for the administrator' })
    expect(message.value).toContain('adminconsent')
    expect(screen.getByRole('button', { name: 'Open in mail' })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull())
  })

  it('goes on with a code when the browser is of no use', async () => {
    const user = userEvent.setup()
    open({ ...typicalSnapshot(), signing_in: { url: 'https://login.example/authorize', code: null } })
    await user.click(await screen.findByRole('button', { name: 'Accounts' }))
    expect(screen.getByRole('button', { name: 'Copy link' })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Use a code instead' }))
    expect(await screen.findByLabelText('Code')).toHaveTextContent('F7KQ2M4XA')
    expect(screen.getByRole('button', { name: 'Open the page here' })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    await waitFor(() => expect(screen.queryByLabelText('Code')).toBeNull())
  })

  it('says why a sign-in failed until it is closed', async () => {
    const user = userEvent.setup()
    const problem = { code: 'wrong_account', title: 'Another account', detail: 'ben@outlook.example signed in. Nothing was kept.', action: 'Sign in as ada.' }
    open({ ...typicalSnapshot(), sign_in_problem: problem })
    await user.click(await screen.findByRole('button', { name: 'Accounts' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('Nothing was kept')
    await user.click(screen.getByRole('button', { name: 'Close' }))
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
  })

  it('has one button for a locked keychain', async () => {
    const user = userEvent.setup()
    open({ ...typicalSnapshot(), attention: { code: 'keychain_locked', title: 'The keychain is locked', detail: 'Nothing is lost.', action: '' } })
    await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Try again' }))
  })

  it('asks what becomes of the events before it signs out', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Accounts' }))
    await user.click(await screen.findByRole('button', { name: 'Sign out ada@contoso.example' }))
    expect(screen.getByRole('group', { name: 'Sign out ada@contoso.example' })).toHaveTextContent('The reminders of Reminders stay on this computer')
    await user.click(screen.getByRole('button', { name: 'Delete the events, then sign out' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: /Sign out/ })).toBeNull())
    await user.click(screen.getByRole('button', { name: 'Lists' }))
    expect(screen.queryByText(/Outlook calendar/)).toBeNull()
  })

  it('shows a hostile title as text only', async () => {
    const snapshot = typicalSnapshot()
    const title = '<img src=x onerror="globalThis.hacked=1">'
    if (snapshot.agenda[0]) snapshot.agenda[0].title = title
    open(snapshot)
    expect(await screen.findByText(title)).toBeInTheDocument()
    expect(document.querySelector('img')).toBeNull()
  })

  it('asks to sign in again with one button', async () => {
    const snapshot = typicalSnapshot()
    snapshot.attention = { code: 'sign_in_needed', title: 'Sign in again', detail: 'Nothing is lost.', action: '' }
    if (snapshot.accounts[0]) snapshot.accounts[0].state = 'sign_in_needed'
    const user = userEvent.setup()
    open(snapshot)
    const alert = await screen.findByRole('alert')
    await user.click(within(alert).getByRole('button', { name: 'Sign in again' }))
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
  })

  it('walks a newcomer from nothing to a list in Outlook', async () => {
    const user = userEvent.setup()
    open(emptySnapshot())
    await user.click(await screen.findByRole('button', { name: 'Accounts' }))
    await user.click(screen.getByRole('button', { name: 'Try it with a practice account' }))
    await user.click(await screen.findByRole('button', { name: 'Allow calendar access' }))
    await user.click(screen.getByRole('button', { name: 'Lists' }))
    await user.click(await screen.findByRole('button', { name: 'Keep Reminders in Outlook' }))
    await user.click(await screen.findByRole('button', { name: /A new calendar named Belfry/ }))
    expect(await screen.findByText('Outlook calendar Belfry')).toBeInTheDocument()
    expect(await screen.findByText(/Nothing in the calendar Belfry will be changed or deleted/)).toBeInTheDocument()
    await user.click(await screen.findByRole('button', { name: 'Start syncing' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Start syncing' })).toBeNull())
  })
})
