// One list shown alone, the way to it, and words of the app that are quoted.
import { act, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import App from './App.svelte'
import type { SnapshotView } from './lib/ipc'
import { fakeDoor, typicalSnapshot } from './lib/ipc/fake'

const open = (snapshot: SnapshotView = typicalSnapshot()) => render(App, { props: { door: fakeDoor(snapshot) } })
const none = (): SnapshotView => ({ ...typicalSnapshot(), agenda: [] })
const rail = () => within(screen.getByRole('navigation', { name: 'Views' }))

describe('one list alone', () => {
  it('has its name as the heading, and a way back to all of them', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: /^Household/ }))
    const agenda = screen.getByRole('region', { name: 'Agenda' })
    expect(within(agenda).getByRole('heading', { level: 1, name: 'Household' })).toBeInTheDocument()
    expect(screen.queryByRole('button', { name: /Call the plumber/ })).toBeNull()
    await user.click(within(agenda).getByRole('button', { name: 'All lists' }))
    expect(await screen.findByRole('button', { name: /Call the plumber/ })).toBeInTheDocument()
  })

  it('says what to do where it is empty, by its name', async () => {
    const user = userEvent.setup()
    open(none())
    await user.click(await screen.findByRole('button', { name: /^Household/ }))
    expect(await screen.findByRole('heading', { name: 'Nothing in Household' })).toBeInTheDocument()
    expect(screen.getByText('Type a reminder above and press Enter: it goes into Household.')).toBeInTheDocument()
    await user.type(screen.getByLabelText('New reminder'), 'Sweep tomorrow 9:00{Enter}')
    expect(await screen.findByRole('button', { name: /^Sweep/ })).toBeInTheDocument()
    expect(screen.queryByRole('heading', { name: 'Nothing in Household' })).toBeNull()
  })

  it('says of one that follows a source where that is', async () => {
    const user = userEvent.setup()
    open(none())
    await user.click(await screen.findByRole('button', { name: /^School/ }))
    expect(await screen.findByText(/follows https:\/\/school\.example\/dates\.ics\. New dates/)).toBeInTheDocument()
    expect(screen.getByText('2 items could not be read')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Look at its source' }))
    expect(await screen.findByRole('heading', { name: 'Lists' })).toBeInTheDocument()
  })
})

describe('a list of which some items could not be read', () => {
  it('says so once, with what to do, and each of them with its reason', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Lists' }))
    expect(await screen.findAllByText(/could not be read/)).toHaveLength(1)
    await user.click(screen.getByRole('button', { name: 'Details of School' }))
    const said = await screen.findAllByText(/could not be read/)
    expect(said.map((one) => one.textContent)).toEqual(['2 items could not be read'])
    await user.click(said[0]!)
    expect(await screen.findByText('The others are here. Mend these where they come from.')).toBeInTheDocument()
    expect(screen.getByText(/The end is before the start/)).toBeInTheDocument()
  })
  it('says all that is wrong beside it', async () => {
    const user = userEvent.setup()
    const home = typicalSnapshot()
    const unread = { code: 'source_unread', title: 'A source could not be reached', detail: 'It did not answer.', action: '' }
    open({ ...home, lists: home.lists.map((list) => (list.source ? { ...list, problems: [...list.problems, unread] } : list)) })
    await user.click(await screen.findByRole('button', { name: 'Lists' }))
    expect(await screen.findByText('A source could not be reached')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Details of School' }))
    expect(await screen.findByText(/It did not answer/)).toBeInTheDocument()
  })
})

describe('details that stand open while the list is changed elsewhere', () => {
  async function details(list: string) {
    const door = fakeDoor(typicalSnapshot())
    const user = userEvent.setup()
    render(App, { props: { door } })
    await user.click(await screen.findByRole('button', { name: 'Lists' }))
    await user.click(screen.getByRole('button', { name: `Details of ${list}` }))
    const named = async () => (await door.snapshot()).lists.map((one) => one.name)
    return { door, user, named, close: () => user.click(screen.getByRole('button', { name: 'Close' })) }
  }
  const elsewhere = { name: 'House', colour: null, horizon_months: null, helpers: null }

  it('follow a new name, and do not undo it when they are closed', async () => {
    const { door, named, close } = await details('Household')
    await act(() => door.editList('Household', elsewhere))
    await waitFor(() => expect(screen.getByLabelText('Name', { selector: '.details *' })).toHaveValue('House'))
    await close()
    await waitFor(() => expect(screen.queryByRole('group', { name: /^Details of/ })).toBeNull())
    expect(await named()).toContain('House')
  })

  it('keep what was typed, save it once, and follow the list again', async () => {
    const { door, user, named, close } = await details('Household')
    const field = screen.getByLabelText('Name', { selector: '.details *' })
    await user.clear(field)
    await user.type(field, 'Home')
    await act(() => door.editList('Household', elsewhere))
    expect(field).toHaveValue('Home')
    await user.keyboard('{Enter}')
    await waitFor(async () => expect(await named()).toContain('Home'))
    await act(() => door.editList('Home', { ...elsewhere, name: 'Nest' }))
    await waitFor(() => expect(field).toHaveValue('Nest'))
    await close()
    expect(await named()).toContain('Nest')
  })

  it('follow another source, and offer only what was typed', async () => {
    const { door, user } = await details('School')
    await act(() => door.followInstead('School', 'https://school.example/new.ics', false))
    const field = screen.getByLabelText('Feed', { selector: '.details *' })
    await waitFor(() => expect(field).toHaveValue('https://school.example/new.ics'))
    expect(screen.queryByRole('button', { name: 'Follow this' })).toBeNull()
    await user.type(field, '?all')
    await user.click(screen.getByRole('button', { name: 'Follow this' }))
    await waitFor(async () => expect((await door.snapshot()).lists.map((one) => one.location)).toContain('https://school.example/new.ics?all'))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Follow this' })).toBeNull())
  })
})

describe('the lists in a narrow window', () => {
  it('unfold by keyboard, and fold again with the cursor where it was', async () => {
    const user = userEvent.setup()
    open()
    const button = await rail().findByRole('button', { name: 'Shown: All lists' })
    expect(button).toHaveAttribute('aria-expanded', 'false')
    button.focus()
    await user.keyboard('{Enter}')
    expect(button).toHaveAttribute('aria-expanded', 'true')
    await user.keyboard('{Tab}{Tab}{Escape}')
    expect(button).toHaveAttribute('aria-expanded', 'false')
    expect(button).toHaveFocus()
    await user.keyboard('{Enter}{Tab}{Tab}{Tab}{Enter}')
    expect(button).toHaveAccessibleName('Shown: Household')
    expect(button).toHaveAttribute('aria-expanded', 'false')
    expect(button).toHaveFocus()
    expect(screen.queryByRole('button', { name: /Call the plumber/ })).toBeNull()
  })

  it('fold when the cursor, or a click, goes elsewhere', async () => {
    const user = userEvent.setup()
    open()
    const button = await rail().findByRole('button', { name: 'Shown: All lists' })
    await user.click(button)
    await user.keyboard('{Shift>}{Tab}{/Shift}')
    expect(button).toHaveAttribute('aria-expanded', 'false')
    await user.click(button)
    await user.click(screen.getByLabelText('New reminder'))
    expect(button).toHaveAttribute('aria-expanded', 'false')
  })
})

describe('what the app quotes', () => {
  it('stands out in a banner, without backticks', async () => {
    open({ ...typicalSnapshot(), attention: { code: 'held', title: 'Waiting for you', detail: '3 removals in `Reminders` look like an accident.', action: '' } })
    const alert = await screen.findByRole('alert')
    expect(within(alert).getByText('Reminders').tagName).toBe('CODE')
    expect(alert).not.toHaveTextContent('`')
  })

  it('is said of a zone where the zone is', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: /Call the plumber/ }))
    const zone = await screen.findByLabelText('Time zone')
    await user.clear(zone)
    await user.type(zone, 'mars{Tab}')
    await waitFor(() => expect(zone.closest('.field')).toHaveTextContent('mars is not a time zone.'))
    expect(screen.getByLabelText('When').closest('.field')).not.toHaveTextContent('time zone')
  })

  it('is left alone where a person wrote it', async () => {
    const user = userEvent.setup()
    const home = typicalSnapshot()
    open({ ...home, agenda: home.agenda.map((row) => (row.id === 'r2' ? { ...row, title: 'Read `man ls`' } : row)) })
    ;(await screen.findByRole('button', { name: /Read/ })).focus()
    await user.keyboard(' ')
    expect(await screen.findAllByText('Read `man ls`: done')).not.toHaveLength(0)
  })

  it('has the cursor in the form that an opened file fills in', async () => {
    open({ ...typicalSnapshot(), errand: { kind: 'follow', follow: '/home/ada/bins.ics', id: null, on: null } })
    const form = await screen.findByRole('form', { name: 'Another list' })
    await waitFor(() => expect(form).toHaveFocus())
    expect(within(form).getByLabelText('Follows')).toHaveValue('/home/ada/bins.ics')
  })
})
