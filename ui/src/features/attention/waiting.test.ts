import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import App from '../../App.svelte'
import type { WaitingView } from '../../lib/ipc'
import { fakeDoor, SCENES } from '../../lib/ipc/fake'
import { stateWords } from '../../lib/words/states'
import { sections } from './waiting'

const one = (id: string, about: string, op: string): WaitingView => ({ for: about, op, id, title: id, list: 'Reminders', when: null, reason: '', reason_code: null, can_keep: op === 'dismiss' })

describe('what waits', () => {
  it('is shown by what it is about', () => {
    const shown = sections([one('a', 'removal', 'dismiss'), one('b', 'shrunk', 'delete'), one('c', 'removal', 'delete'), one('d', 'left_over', 'delete')])
    expect(shown.map((section) => section.items.map((item) => item.id))).toEqual([['a'], ['c'], ['b'], ['d']])
  })
  it('is answered by itself, a first sync in two ways', () => {
    const answers = (waiting: WaitingView[]) => sections(waiting).map((section) => section.answers.map(([, answer]) => answer))
    expect(answers([one('a', 'removal', 'dismiss'), one('b', 'same_list', 'create'), one('c', 'first_sync', 'create')])).toEqual([['removal', 'keep'], ['new', 'removed'], ['same_list']])
  })
  it('is answered by what the button says, and by nothing that it does not', () => {
    const yes = (...waiting: WaitingView[]) => sections(waiting).map((section) => section.answers.map(([words, answer, kind]) => `${answer} ${kind}: ${words()}`))
    expect(yes(one('a', 'removal', 'dismiss'))).toEqual([['removal plain: Leave them out of Outlook', 'keep plain: Put them all into Outlook again']])
    expect(yes(one('a', 'removal', 'delete'))).toEqual([['removal danger: Delete their events in Outlook']])
    // One yes is one to both kinds: no button may name only one of them.
    expect(yes(one('a', 'removal', 'dismiss'), one('b', 'removal', 'delete'))).toEqual([['keep plain: Put them all into Outlook again'], ['removal danger: Leave the first out of Outlook, delete the events of the others']])
    expect(yes(one('a', 'shrunk', 'forget'))).toEqual([['shrunk danger: Remove them here']])
    expect(yes(one('a', 'shrunk', 'forget'), one('b', 'shrunk', 'delete'))).toEqual([['shrunk danger: Remove them here, delete their events in Outlook']])
  })
  it('says by which name a reminder stays that is left out', () => {
    const [gone] = sections([one('a', 'removal', 'dismiss')])
    expect(gone?.what).toContain(`“${stateWords('dismissed')}”`)
  })
})

describe('the page of what waits', () => {
  it('keeps one, and does the rest after a yes', async () => {
    const user = userEvent.setup()
    const door = fakeDoor(SCENES['held']?.())
    const [first, ...others] = await door.waiting()
    render(App, { props: { door } })
    await user.click(await screen.findByRole('button', { name: 'Look at them' }))
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Waiting for you' })).toHaveFocus())
    expect(screen.queryByRole('alert')).toBeNull()
    const page = () => within(screen.getByRole('region', { name: 'Waiting for you' }))
    await user.click(await screen.findByRole('button', { name: `Put into Outlook again: ${first?.title}` }))
    await waitFor(() => expect(page().getAllByRole('listitem')).toHaveLength(others.length))
    await user.click(page().getByRole('button', { name: 'Leave them out of Outlook' }))
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Waiting for you' })).toBeNull())
    expect(await door.waiting()).toEqual([])
  })
  it('asks what a first sync cannot know', async () => {
    const user = userEvent.setup()
    render(App, { props: { door: fakeDoor(SCENES['question']?.()) } })
    await user.click(await screen.findByRole('button', { name: 'Look at them' }))
    expect(await screen.findByRole('button', { name: 'They are new: add them to Outlook' })).toBeEnabled()
    expect(screen.getByRole('button', { name: 'They were removed: leave them out of Outlook' })).toBeEnabled()
    expect(screen.queryByRole('button', { name: /^Put into Outlook again/ })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'They are new: add them to Outlook' }))
    expect(await screen.findByRole('button', { name: /Call the plumber.*in Outlook/ })).toBeInTheDocument()
  })
  it('says of a source that shrank what can be done there, and nothing of keeping', async () => {
    const user = userEvent.setup()
    render(App, { props: { door: fakeDoor(SCENES['shrunk']?.()) } })
    await user.click(await screen.findByRole('button', { name: 'Look at them' }))
    const page = within(await screen.findByRole('region', { name: 'Waiting for you' }))
    expect(await page.findByText(/put it right or follow another one/)).toBeInTheDocument()
    expect(page.queryByText(/put into Outlook again what you want to keep/)).toBeNull()
    await user.click(page.getByRole('button', { name: 'Look at its source' }))
    expect(await screen.findByRole('heading', { name: 'Lists' })).toBeInTheDocument()
  })
})

describe('the banner after going back to a copy', () => {
  it('says what to do, shows what was done, and goes with a sync', async () => {
    const user = userEvent.setup()
    const door = fakeDoor()
    render(App, { props: { door } })
    await door.restoreBackup('20261120T073000Z-daily.db')
    const banner = within(await screen.findByRole('alert'))
    expect(banner.getByText(/what is in Outlook comes back by itself/)).toBeInTheDocument()
    await user.click(banner.getByRole('button', { name: 'See the activity' }))
    expect(await screen.findByRole('heading', { name: 'Activity' })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Sync now' }))
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
  })
})
