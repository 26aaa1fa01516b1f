import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import App from '../../App.svelte'
import { emptySnapshot, fakeDoor, SCENES } from '../../lib/ipc/fake'

const open = (scene: string) => render(App, { props: { door: fakeDoor(SCENES[scene]?.() ?? emptySnapshot()) } })
const step = () => within(screen.getByRole('list', { name: 'Steps to Outlook' })).getAllByRole('button').find((one) => one.getAttribute('aria-current') === 'step')
const heading = async (name: string) => {
  const found = await screen.findByRole('heading', { level: 1, name })
  await waitFor(() => expect(found).toHaveFocus())
}

describe('the first five minutes', () => {
  it('begin with one sentence and the ways on', async () => {
    const user = userEvent.setup()
    open('empty')
    expect(await screen.findByRole('heading', { name: 'Welcome to Belfry' })).toBeInTheDocument()
    expect(screen.getByText(/A practice account is .*nothing leaves it/)).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Add my first reminder' }))
    const field = screen.getByLabelText('New reminder')
    expect(field).toHaveFocus()
    await user.type(field, 'Tea tomorrow 9:00{Enter}')
    await waitFor(() => expect(screen.queryByRole('heading', { name: 'Welcome to Belfry' })).toBeNull())
  })

  it('lead from nothing to the agenda, the cursor at the top of each step', async () => {
    const user = userEvent.setup()
    open('empty')
    await user.click(await screen.findByRole('button', { name: 'Connect Outlook' }))
    await heading('Connect Outlook')
    expect(screen.getByText(/Your password stays in the browser/)).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Sign in with my browser' }))
    await heading('You are connected')
    expect(screen.getByText(/Work or school in organisation 7f3c6f0e/)).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Choose a calendar' }))
    await heading('Choose a calendar')
    await user.click(screen.getByRole('button', { name: 'Allow calendar access' }))
    await user.click(await screen.findByRole('button', { name: /A new calendar named Belfry/ }))
    await heading('This is what will be done')
    await user.click(await screen.findByRole('button', { name: 'Start syncing' }))
    expect(await screen.findByRole('button', { name: /^Synced/ })).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Agenda' })).toHaveAttribute('aria-current', 'page')
    await waitFor(() => expect(screen.getByLabelText('New reminder')).toHaveFocus())
    // And it stays there.
    await new Promise((later) => setTimeout(later, 50))
    expect(screen.getByLabelText('New reminder')).toHaveFocus()
    expect(screen.queryByRole('button', { name: /Go on with Outlook/ })).toBeNull()
  })

  it('can be left, and go on where they were', async () => {
    const user = userEvent.setup()
    open('signed-in-ready')
    await user.click(await screen.findByRole('button', { name: /Go on with Outlook.*Step 2 of 3/ }))
    await heading('Choose a calendar')
    await user.click(screen.getByRole('button', { name: 'Not now' }))
    expect(await screen.findByLabelText('New reminder')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: /Go on with Outlook/ }))
    await user.click(screen.getByRole('button', { name: 'Back' }))
    await heading('You are connected')
    await user.click(screen.getByRole('button', { name: 'Not now' }))
    await user.click(screen.getByRole('button', { name: /Go on with Outlook.*Step 1 of 3/ }))
    await heading('You are connected')
  })

  it('let another calendar be chosen until something is written', async () => {
    const user = userEvent.setup()
    open('plan')
    await user.click(await screen.findByRole('button', { name: /Step 3 of 3/ }))
    await user.click(screen.getByRole('button', { name: 'Back' }))
    await heading('Choose a calendar')
    expect(screen.getByText(/is to be kept in the calendar Belfry/)).toBeInTheDocument()
    await user.click(await screen.findByRole('button', { name: 'Calendar' }))
    await heading('This is what will be done')
    expect(await screen.findByText(/Before the first write to the calendar Calendar/)).toBeInTheDocument()
  })

  it('say that a calendar is made, and nowhere that anything is in Outlook before', async () => {
    const user = userEvent.setup()
    open('plan')
    await user.click(await screen.findByRole('button', { name: /Step 3 of 3/ }))
    expect(await screen.findByText('A calendar named Belfry will be made in Outlook.')).toBeInTheDocument()
    expect(screen.getByRole('button', { name: /^Not synced yet/ })).toBeInTheDocument()
    expect(screen.queryByTitle('Outlook calendar Belfry')).toBeNull()
    await user.click(await screen.findByRole('button', { name: 'Start syncing' }))
    expect(await screen.findByRole('button', { name: /^Synced/ })).toBeInTheDocument()
    expect(screen.getByTitle('Outlook calendar Belfry')).toBeInTheDocument()
  })

  it('say nothing of making a calendar where there is one of that name', async () => {
    const user = userEvent.setup()
    const door = fakeDoor(SCENES['plan']?.())
    render(App, { props: { door: { ...door, calendars: async () => [{ id: 'c2', name: 'Belfry' }] } } })
    await user.click(await screen.findByRole('button', { name: /Step 3 of 3/ }))
    expect(await screen.findByText(/Nothing in the calendar Belfry will be changed/)).toBeInTheDocument()
    expect(screen.queryByText(/will be made/)).toBeNull()
  })

  it('wait for the browser, or go on with a code', async () => {
    const user = userEvent.setup()
    open('signing-in')
    await user.click(await screen.findByRole('button', { name: /Go on with Outlook/ }))
    expect(screen.getByRole('button', { name: 'Copy link' })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Use a code instead' }))
    expect(await screen.findByLabelText('Code')).toHaveTextContent('F7KQ2M4XA')
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(await screen.findByRole('button', { name: 'Sign in with my browser' })).toBeInTheDocument()
  })

  it('say why a sign-in failed, and what an administrator is asked', async () => {
    const user = userEvent.setup()
    open('approval')
    await user.click(await screen.findByRole('button', { name: /Go on with Outlook/ }))
    await heading('An administrator decides')
    await user.click(screen.getByRole('button', { name: 'Message for the administrator' }))
    expect(await screen.findByRole('button', { name: 'Open in mail' })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await heading('Choose a calendar')
    expect(step()).toHaveTextContent('Calendar')
  })
})
