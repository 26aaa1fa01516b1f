// What can be done to lists by hand, what was added taken back, and the activity of one list.
import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import App from './App.svelte'
import { fakeDoor, typicalSnapshot } from './lib/ipc/fake'

const open = () => render(App, { props: { door: fakeDoor(typicalSnapshot()) } })

async function details(user: ReturnType<typeof userEvent.setup>, list: string) {
  await user.click(await screen.findByRole('button', { name: 'Lists' }))
  await user.click(await screen.findByRole('button', { name: `Details of ${list}` }))
  return within(await screen.findByRole('group', { name: `Details of ${list}` }))
}

describe('what was added', () => {
  it('can be taken back', async () => {
    const user = userEvent.setup()
    open()
    await user.type(await screen.findByLabelText('New reminder'), 'Sweep tomorrow 9:00{Enter}')
    expect(await screen.findByRole('button', { name: /^Sweep/ })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: /^Sweep/ })).toBeNull())
  })
})

describe('a list', () => {
  it('moves to another calendar, and not to the one that it is in', async () => {
    const user = userEvent.setup()
    open()
    const list = await details(user, 'Reminders')
    const plans = screen.queryAllByRole('button', { name: 'Start syncing' }).length
    await user.click(list.getByRole('button', { name: 'Move Reminders to another calendar' }))
    const where = within(await list.findByRole('group', { name: 'Move Reminders to another calendar' }))
    const calendar = await where.findByRole('button', { name: 'Calendar' })
    expect(where.queryByRole('button', { name: /Belfry/ })).toBeNull()
    await user.click(calendar)
    expect(await list.findByText('calendar Calendar')).toBeInTheDocument()
    expect(list.queryByRole('group', { name: /Move Reminders/ })).toBeNull()
    // It was seen in Outlook before: there is no first plan of it.
    expect(screen.queryAllByRole('button', { name: 'Start syncing' })).toHaveLength(plans)
  })

  it('follows a file that was chosen', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Lists' }))
    await user.click(await screen.findByRole('radio', { name: /follow/i }))
    await user.click(screen.getByRole('button', { name: 'Choose a file …' }))
    await waitFor(() => expect(screen.getByLabelText('Follows')).toHaveValue('/home/ada/Documents/contracts.csv'))
    expect(screen.getByLabelText('New list')).toHaveValue('contracts')
  })
})

describe('the activity of one list', () => {
  it('has what is gone in it, and nothing of other lists', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('button', { name: 'Activity' }))
    const list = await screen.findByLabelText('List')
    await screen.findByText('Water the ferns')
    await user.selectOptions(list, 'Household')
    await waitFor(() => expect(screen.queryByText('Return the library books')).toBeNull())
    await user.selectOptions(list, 'Reminders')
    expect(await screen.findByText('Water the ferns')).toBeInTheDocument()
  })
})
