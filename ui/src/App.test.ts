import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import App from './App.svelte'
import { emptySnapshot, fakeDoor, largeSnapshot, typicalSnapshot } from './lib/ipc/fake'

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

  it('says of what was due today at what time, and of what was due before on which day', async () => {
    const home = typicalSnapshot()
    open({ ...home, agenda: home.agenda.map((row) => (row.id === 'r2' ? { ...row, overdue: true } : row)) })
    expect(await screen.findByRole('button', { name: /Call the plumber/ })).toHaveTextContent(/2:30\sPM/)
    expect(screen.getByRole('button', { name: /library books/ })).toHaveTextContent('Nov 19')
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

  it('says what looks like time and was not understood', async () => {
    const user = userEvent.setup()
    open()
    await user.type(await screen.findByLabelText('New reminder'), 'Rent tomorrow until further')
    expect(await screen.findByText('Not understood: until further')).toBeInTheDocument()
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
    expect(await screen.findByRole('button', { name: /Call the plumber.*, done/ })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: /Call the plumber.*, done/ })).toBeNull())
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

  it('is read with how often something comes', async () => {
    open()
    expect(await screen.findByRole('button', { name: /^Renew the passport, .*2027, all day, repeats yearly, in Outlook$/ })).toBeInTheDocument()
    expect(screen.getByRole('button', { name: /^Put the paper bin out, .*, repeats weekly, / })).toBeInTheDocument()
    expect(screen.getByRole('button', { name: /^Call the plumber, / })).not.toHaveAccessibleName(/repeats/)
  })

  it('says what a rule settled until Activity has shown it', async () => {
    const user = userEvent.setup()
    open({ ...typicalSnapshot(), agenda: typicalSnapshot().agenda.map((one) => (one.id === 'r2' ? { ...one, state: 'conflict' } : one)) })
    const said = () => screen.queryByText(/^A reminder was changed both here and in Outlook/)
    await waitFor(() => expect(said()).toBeInTheDocument())
    await user.click(screen.getByRole('button', { name: 'See the activity' }))
    expect(await screen.findByRole('heading', { name: 'Activity' })).toBeInTheDocument()
    await screen.findByText('settled by rule')
    await user.click(screen.getByRole('button', { name: 'Agenda' }))
    await screen.findByRole('button', { name: /^Call the plumber/ })
    await waitFor(() => expect(said()).toBeNull())
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
    snapshot.waiting = 3
    const user = userEvent.setup()
    open(snapshot)
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent('3 changes are waiting.')
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
    await user.click(await screen.findByRole('button', { name: 'Keep in Outlook: Reminders' }))
    await user.click(await screen.findByRole('button', { name: /A new calendar named Belfry/ }))
    expect(await screen.findByText('Outlook calendar Belfry')).toBeInTheDocument()
    expect(await screen.findByText(/A calendar named Belfry will be made in Outlook/)).toBeInTheDocument()
    await user.click(await screen.findByRole('button', { name: 'Start syncing' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Start syncing' })).toBeNull())
  })

  it('opens a reminder beside the agenda and saves as one types', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: /Call the plumber/ }))
    const title = await screen.findByLabelText('Title')
    await user.clear(title)
    await user.type(title, 'Call Ben')
    expect(await screen.findByRole('button', { name: /^Call Ben,/ })).toBeInTheDocument()
    await user.clear(title)
    expect(await screen.findByText(/A reminder needs a title/)).toBeInTheDocument()
    await user.type(title, 'Call Eva')
    await waitFor(() => expect(screen.queryByText(/A reminder needs a title/)).toBeNull())
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'Reminder' })).toBeNull())
  })

  it('removes with a way back', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: /Call the plumber/ }))
    await user.click(await screen.findByRole('button', { name: 'Remove' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: /Call the plumber/ })).toBeNull())
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    expect(await screen.findByRole('button', { name: /Call the plumber/ })).toBeInTheDocument()
  })

  it('has only what is in view of ten thousand reminders in the page', async () => {
    const user = userEvent.setup()
    open(largeSnapshot(10_000))
    const first = await screen.findByRole('button', { name: /Reminder number 1,/ })
    expect(document.querySelectorAll('[data-row]').length).toBeLessThan(60)
    first.focus()
    await user.keyboard('{End}')
    expect(document.activeElement).toHaveAccessibleName(/Reminder number 10000,/)
    await user.keyboard('{ArrowUp}')
    expect(document.activeElement).toHaveAccessibleName(/Reminder number 9999,/)
    expect(document.querySelectorAll('[data-row]').length).toBeLessThan(60)
  })

  it('walks a month and opens one date of it', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Month' }))
    const today = await screen.findByRole('gridcell', { name: /today, 1 reminder/ })
    today.focus()
    await user.keyboard('{ArrowDown}{ArrowLeft}{ArrowLeft}{ArrowLeft}{ArrowLeft}')
    expect(document.activeElement).toHaveAccessibleName(/November 24, 1 reminder/)
    await user.keyboard('{Enter}')
    expect(await screen.findByRole('radio', { name: /Only November 24/ })).toBeChecked()
  })

  it('shows what an undo would do before it does it', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Activity' }))
    await user.click((await screen.findAllByRole('button', { name: /Undo this run/ }))[0] as HTMLElement)
    expect(await screen.findByText('Renew the passport: put back (title)')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Undo 2 reminders' }))
    expect(await screen.findByText('Undo', { selector: 'h2' })).toBeInTheDocument()
    await user.type(screen.getByLabelText('Filter by text'), 'ferns')
    expect(screen.queryByText('Return the library books')).toBeNull()
  })

  it('switches a chip to what else it can mean, and back', async () => {
    const user = userEvent.setup()
    open()
    const field = await screen.findByLabelText('New reminder')
    await user.type(field, 'Tea 3/4 9:00')
    await user.click(await screen.findByRole('button', { name: /^or Thu, Mar 4, 2027$/ }))
    expect(field).toHaveValue('Tea 2027-03-04 9:00')
    await user.click(await screen.findByRole('button', { name: 'or 3/4' }))
    expect(field).toHaveValue('Tea 3/4 9:00')
  })

  it('says what could not be read, as text only', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Lists' }))
    await user.click(await screen.findByRole('button', { name: 'Details of School' }))
    await user.click(screen.getByText('2 items could not be read', { selector: 'summary' }))
    expect(await screen.findByText(/Sports day <b>bring shoes<\/b>/)).toBeInTheDocument()
  })

  it('asks what becomes of events before a list goes, and follows a feed', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Lists' }))
    await user.click(await screen.findByRole('radio', { name: 'Follows a file, folder or feed' }))
    await user.type(screen.getByLabelText('New list'), 'Waste')
    await user.type(screen.getByLabelText('Follows'), 'http://waste.example/a.ics{Enter}')
    expect(await screen.findByText(/over plain http/, { selector: 'p span' })).toBeInTheDocument()
    expect(screen.getByLabelText('New list')).toHaveValue('Waste')
    await user.clear(screen.getByLabelText('Follows'))
    await user.type(screen.getByLabelText('Follows'), 'https://waste.example/a.ics{Enter}')
    await user.click(await screen.findByRole('button', { name: 'Details of Waste' }))
    await user.click(screen.getByRole('button', { name: 'Remove the list' }))
    await user.click(screen.getByRole('button', { name: 'Remove Waste' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Details of Waste' })).toBeNull())
  })

  it('asks what the columns of a table are', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Lists' }))
    await user.click(await screen.findByRole('radio', { name: 'Follows a file, folder or feed' }))
    await user.type(screen.getByLabelText('New list'), 'Contracts of the house')
    await user.type(screen.getByLabelText('Follows'), '/home/ada/contracts.csv{Enter}')
    expect(await screen.findByText('Still needed: Title.')).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Add list' })).toBeDisabled()
    await user.selectOptions(screen.getByLabelText('What Contract is'), 'Title')
    await user.click(screen.getByRole('button', { name: 'Add list' }))
    expect(await screen.findByRole('button', { name: 'Details of Contracts of the house' })).toBeInTheDocument()
  })

  it('speaks another language at once, and stays where it is', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: /Put the paper bin out/ }))
    const interval = await screen.findByRole('spinbutton')
    await user.clear(interval)
    await user.type(interval, '2')
    expect(interval).toHaveFocus()
    expect(interval.closest('label')).toHaveTextContent('every weeks')
    await user.click(screen.getByRole('button', { name: 'Settings' }))
    await user.selectOptions(await screen.findByLabelText('Language'), 'Deutsch')
    expect(await screen.findByRole('heading', { name: 'Einstellungen' })).toBeInTheDocument()
    expect(document.documentElement.lang).toBe('de')
    await user.click(screen.getByRole('button', { name: 'Monat' }))
    expect(await screen.findByRole('gridcell', { name: /heute, 1 Erinnerung/ })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Listen' }))
    await user.click(await screen.findByRole('radio', { name: /Folgt einer Datei/ }))
    await user.type(screen.getByLabelText('Neue Liste'), 'Waste')
    await user.type(screen.getByLabelText('Folgt'), 'http://waste.example/a.ics{Enter}')
    expect(await screen.findByText(/Diese Eingabe lässt sich so nicht übernehmen/)).toBeInTheDocument()
    expect(screen.getByText(/over plain http/, { selector: '[lang="en"]' })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Einstellungen' }))
    await user.selectOptions(await screen.findByLabelText('Sprache'), 'English')
    expect(await screen.findByRole('heading', { name: 'Settings' })).toBeInTheDocument()
  })

  it('keeps settings and looks like them', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Settings' }))
    await user.click(await screen.findByRole('radio', { name: 'High contrast' }))
    await waitFor(() => expect(document.documentElement.dataset['theme']).toBe('contrast'))
    await user.click(screen.getByRole('button', { name: 'Pause for an hour' }))
    await user.click(await screen.findByRole('button', { name: 'Resume' }))
    await user.click(await screen.findByRole('button', { name: 'Make a copy now' }))
    await user.click(screen.getByText('Go back to a copy', { selector: 'summary' }))
    await waitFor(() => expect(screen.getAllByRole('button', { name: /^Go back to/ })).toHaveLength(2))
    const [, oldest] = screen.getAllByRole('button', { name: /^Go back to/ })
    if (oldest) await user.click(oldest)
    expect(screen.getByText('How it is now is saved first.')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Go back' }))
    expect(await screen.findByText('Back to an earlier copy.')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Check' }))
    expect(await screen.findByRole('button', { name: 'Copy report' })).toBeInTheDocument()
  })
})
