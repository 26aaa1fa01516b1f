import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import App from './App.svelte'
import type { Door } from './lib/ipc'
import { fakeDoor, SCENES, typicalSnapshot } from './lib/ipc/fake'

/** Ends the isolate that it may stand in, turns around what follows, and begins one that it does not end. */
const HOSTILE = '\u2069\u202etxt.\u2067'
const hostile = (text: string) => `${text} ${HOSTILE}`

/** What others wrote, wherever it is in an answer. */
const THEIRS = ['title', 'before', 'after', 'origin', 'detail', 'category', 'notes', 'header', 'rows']
function spoilt<T>(value: T, key = ''): T {
  if (typeof value === 'string') return (THEIRS.includes(key) ? hostile(value) : value) as T
  if (Array.isArray(value)) return value.map((one: unknown) => spoilt(one, key)) as T
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoilt(one, name)])) as T
  return value
}

function spoiltDoor(scene: string): Door {
  const home = SCENES[scene]?.() ?? typicalSnapshot()
  const named = new Map(home.lists.map((list) => [list.name, hostile(list.name)]))
  const door = fakeDoor({
    ...home, attention: spoilt(home.attention),
    accounts: home.accounts.map((one) => ({ ...one, name: hostile(one.name), login: hostile(one.login) })),
    lists: home.lists.map((list) => ({ ...list, name: named.get(list.name) ?? '', calendar: list.calendar && hostile(list.calendar), location: list.location && hostile(list.location) })),
    agenda: home.agenda.map((row) => ({ ...row, title: hostile(row.title), list: named.get(row.list) ?? '' })),
  })
  const spoils = <A extends unknown[], R>(ask: (...inputs: A) => Promise<R>) => async (...inputs: A) => spoilt(await ask(...inputs))
  return { ...door, runs: spoils(door.runs), undo: spoils(door.undo), setAside: spoils(door.setAside), tableHead: spoils(door.tableHead) }
}

/** Whether a text turns around more than what stands in an isolate of the window's. */
function leaks(text: string): boolean {
  let depth = 0
  for (const letter of text) {
    if (/[\u202a-\u202e]/.test(letter) && depth === 0) return true
    if (/[\u2066-\u2068]/.test(letter)) depth += 1
    if (letter === '\u2069') depth -= 1
    if (depth < 0) return true
  }
  return depth !== 0
}

const SAID = ['aria-label', 'title', 'placeholder']

/** Every text and name that is shown, and leaks. Text of its own block, as it came, has nothing around it. */
function leaking(): string[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const texts: string[] = []
  while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest('pre, textarea')) texts.push(walker.currentNode.nodeValue ?? '')
  const names = [...document.querySelectorAll('*')].flatMap((one) => SAID.map((name) => one.getAttribute(name) ?? ''))
  const all = [...texts, ...names]
  expect(all.some((text) => text.includes('\u202e'))).toBe(true)
  return all.filter(leaks)
}

const press = async (name: RegExp) => userEvent.click((await screen.findAllByRole('button', { name }))[0]!)
const views: [view: string, scene: string, steps: () => Promise<unknown>][] = [
  ['agenda', 'typical', () => screen.findByRole('checkbox', { name: /Call the plumber/ })],
  ['agenda with a banner', 'sign-in-again', () => screen.findByRole('alert')],
  ['one list', 'typical', async () => (await press(/Household/), screen.findByRole('heading', { level: 1, name: /Household/ }))],
  ['month', 'typical', async () => (await press(/^Month$/), screen.findByRole('grid'))],
  ['lists', 'typical', async () => (await press(/^Lists$/), await press(/^Details of .*School/), await userEvent.click(screen.getByText(/2 items could not/, { selector: 'summary' })), screen.findByText(/BEGIN:VEVENT\s+SUMMARY:Sports/))],
  ['columns', 'typical', async () => {
    await press(/^Lists$/)
    await userEvent.click(screen.getByRole('radio', { name: /Follows a file/ }))
    await userEvent.type(screen.getByLabelText('Follows'), '/home/ada/contracts.csv{Enter}')
    return screen.findByRole('table')
  }],
  ['plan', 'plan', async () => (await press(/^Lists$/), screen.findByText(/will be added/))],
  ['where', 'signed-in-ready', async () => (await press(/^Lists$/), await press(/^Keep in Outlook/), screen.findByRole('group', { name: /^Keep .* in Outlook/ }))],
  ['activity', 'typical', async () => (await press(/^Activity$/), await press(/^Undo this run/), screen.findByRole('group', { name: 'What would be taken back' }))],
  ['accounts', 'typical', async () => (await press(/^Accounts$/), await press(/^Sign out/), screen.findByText(/stay on this computer/))],
  ['settings', 'typical', async () => (await press(/^Settings$/), screen.findByText(/^New reminders in/))],
  ['review', 'held', async () => (await press(/^Look at them$/), screen.findByRole('region', { name: 'Waiting for you' }))],
  ['editor', 'typical', async () => (await userEvent.click((await screen.findAllByText(/Return the library books/))[0]!), await userEvent.click(await screen.findByText('History')), screen.findByText('Open in Outlook'))],
  ['toast', 'typical', async () => (await userEvent.click(await screen.findByRole('checkbox', { name: /Call the plumber/ })), screen.findByText(/: done/, { selector: '.toast span' }))],
  ['quick add', 'typical', async () => (await userEvent.type(await screen.findByLabelText('New reminder'), `Tea ${HOSTILE} tomorrow 9:00`), waitFor(() => within(document.body).getAllByText(/tomorrow/)))],
]

describe('titles and names that turn text around', () => {
  it.each(views)('turn only themselves around in: %s', async (_, scene, steps) => {
    render(App, { props: { door: spoiltDoor(scene) } })
    await steps()
    expect(leaking()).toEqual([])
  })
})
