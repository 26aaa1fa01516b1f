// Where the cursor is when a reminder was closed: never nowhere.
import { render, screen, waitFor } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import App from './App.svelte'
import type { SnapshotView } from './lib/ipc'
import { fakeDoor, typicalSnapshot } from './lib/ipc/fake'

const open = (snapshot: SnapshotView = typicalSnapshot()) => render(App, { props: { door: fakeDoor(snapshot) } })
const closed = () => waitFor(() => expect(screen.queryByRole('complementary', { name: 'Reminder' })).toBeNull())
const at = (name: RegExp) => waitFor(() => expect(document.activeElement).toHaveAccessibleName(name))

describe('the cursor, after a reminder was closed', () => {
  it('is where it was', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: /Call the plumber/ }))
    await screen.findByLabelText('Title')
    await user.keyboard('{Escape}')
    await closed()
    await at(/Call the plumber/)
  })

  it('is on the next row where the reminder was removed', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: /Call the plumber/ }))
    await user.click(await screen.findByRole('button', { name: 'Remove' }))
    await closed()
    await at(/Put the paper bin out/)
  })

  it('is on the next row where the reminder is on another day now', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: /Call the plumber/ }))
    const day = await screen.findByLabelText('When')
    await user.clear(day)
    await user.type(day, '2027-06-01')
    await user.click(screen.getByRole('button', { name: 'Close' }))
    await closed()
    await at(/Put the paper bin out/)
    expect(await screen.findByRole('button', { name: /Call the plumber.*June/ })).toBeInTheDocument()
  })

  it('is on the next row where a date of a series is done', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: /Put the paper bin out/ }))
    await user.click(await screen.findByRole('radio', { name: /Only November 24/ }))
    await user.click(await screen.findByRole('checkbox', { name: 'Done' }))
    await user.keyboard('{Escape}')
    await closed()
    await at(/Parents/)
  })

  it('is in the field for a new one where nothing is left', async () => {
    const user = userEvent.setup()
    const home = typicalSnapshot()
    open({ ...home, agenda: home.agenda.filter((row) => row.id === 'r2') })
    await user.click(await screen.findByRole('button', { name: /Call the plumber/ }))
    await user.click(await screen.findByRole('button', { name: 'Remove' }))
    await closed()
    await waitFor(() => expect(screen.getByLabelText('New reminder')).toHaveFocus())
  })

  it('is so too where the last row is removed by its key', async () => {
    const user = userEvent.setup()
    const home = typicalSnapshot()
    open({ ...home, agenda: home.agenda.filter((row) => row.id === 'r2') })
    ;(await screen.findByRole('button', { name: /Call the plumber/ })).focus()
    await user.keyboard('{Delete}')
    await waitFor(() => expect(screen.getByLabelText('New reminder')).toHaveFocus())
  })

  it('is on the day in the month where the reminder left it', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Month' }))
    await user.click(await screen.findByRole('button', { name: /^Call the plumber,/ }))
    await user.click(await screen.findByRole('button', { name: 'Remove' }))
    await closed()
    await at(/November 21, today, nothing/)
  })
})

describe('the month', () => {
  it('stays where it was while another view is shown, and after an edit', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Month' }))
    await user.click(await screen.findByRole('button', { name: 'Next month' }))
    expect(screen.getByRole('heading', { name: 'December 2026' })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Agenda' }))
    await user.click(screen.getByRole('button', { name: 'Month' }))
    expect(await screen.findByRole('heading', { name: 'December 2026' })).toBeInTheDocument()
    const [chip] = await screen.findAllByTitle(/Put the paper bin out/)
    if (chip) await user.click(chip)
    const title = await screen.findByLabelText('Title')
    await user.type(title, ' today{Escape}')
    await closed()
    expect(screen.getByRole('heading', { name: 'December 2026' })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Today' }))
    expect(screen.getByRole('heading', { name: 'November 2026' })).toBeInTheDocument()
  })
})
