// What the fake begins with.
import type { AccountView, AgendaRowView, ListView, RunView, SettingsView, SnapshotView } from '../door'

export const TODAY = '2026-11-21'
export const NOW = '2026-11-21T12:00:00Z'

export const row = (id: string, title: string, day: string, time: string | null, more: Partial<AgendaRowView> = {}): AgendaRowView => ({
  id, title, day, time, list: 'Reminders', colour: '#2f6fde', repeats: false, every: null, on: null, sourced: false, alarm: true, done: false, overdue: false, state: 'synced', ...more,
})

export const list = (id: string, name: string, more: Partial<ListView> = {}): ListView => ({
  id, name, is_default: id === 'l1', colour: '#2f6fde', count: 0, account: null, calendar: null, unstarted: false, source: null, location: null, last_read_at: null, both_ways: true, problems: [],
  set_aside: 0, defaults: { zone: null, alarms: [15], all_day_alarms: [900], show_as: 'free' }, horizon_months: 24, helpers: false, ...more,
})

export function emptySnapshot(): SnapshotView {
  return {
    today: TODAY, agenda: [], accounts: [], sync: 'local', last_sync_at: null, waiting: 0, attention: null, signing_in: null, sign_in_problem: null, errand: null,
    lists: [list('l1', 'Reminders')],
  }
}

/** The only account. Its organisation has an id as Microsoft gives them. */
export const ACCOUNT: AccountView = { id: 'practice/t/o', login: 'ada@contoso.example', name: 'Ada (practice)', kind: 'work', tenant: '7f3c6f0e-52d1-4c1b-9a57-2b6f0f1f9d2e', state: 'ready' }

/** As the app says it of two items. */
const UNREAD = {
  code: 'set_aside', title: 'Some items could not be read', detail: '2 items of `School` could not be read: line 48: The start `next Tuesday` is not a time; line 97: The end is before the start.', action: 'Mend them where they come from; the others are here.',
}

export function typicalSnapshot(): SnapshotView {
  const household = { list: 'Household', colour: '#a8541b', state: 'local' }
  return {
    ...emptySnapshot(),
    sync: 'idle', last_sync_at: '2026-11-21T11:58:00Z',
    accounts: [{ ...ACCOUNT }],
    lists: [
      list('l1', 'Reminders', { count: 3, account: ACCOUNT.id, calendar: 'Belfry' }),
      list('l2', 'Household', { colour: '#a8541b', count: 2 }),
      list('l3', 'School', {
        colour: '#0f7b6c', count: 1, source: 'feed', location: 'https://school.example/dates.ics', last_read_at: '2026-11-21T11:20:00Z', both_ways: false, set_aside: 2, problems: [UNREAD],
      }),
    ],
    agenda: [
      row('r1', 'Return the library books', '2026-11-19', '17:00', { overdue: true }),
      row('r2', 'Call the plumber', TODAY, '14:30', { state: 'waiting' }),
      row('r3', 'Put the paper bin out', '2026-11-24', '19:30', { repeats: true, every: 'week', on: '2026-11-24', ...household }),
      row('r5', 'Parents\u2019 evening', '2026-11-26', '18:00', { list: 'School', colour: '#0f7b6c', state: 'local', sourced: true }),
      row('r4', 'Renew the passport', '2027-03-03', null, { repeats: true, every: 'year', on: '2027-03-03' }),
    ],
  }
}

/** Enough to see whether it scrolls. */
export function largeSnapshot(count: number): SnapshotView {
  const start = Date.UTC(2026, 10, 22)
  const agenda = Array.from({ length: count }, (_, index) => {
    const day = new Date(start + Math.floor(index / 4) * 86_400_000).toISOString().slice(0, 10)
    return row(`m${index}`, `Reminder number ${index + 1}`, day, `${String(8 + (index % 4) * 3).padStart(2, '0')}:00`)
  })
  const home = typicalSnapshot()
  return { ...home, agenda, lists: home.lists.map((one, index) => ({ ...one, count: index === 0 ? count : 0 })) }
}

export const settings = (): SettingsView => ({
  preferences: { interval_minutes: 5, theme: 'system', density: 'comfortable', motion: 'system', language: 'system', zoom: 100, tell_trouble: true, tell_due: true },
  starts_at_login: false,
  paused: false, paused_until: null, home: '/home/ada/.local/share/belfry', version: '0.1.0', zone: 'Europe/Berlin',
})

const entry = { list: 'l1', conflict: false, changes: [], at: '2026-11-21T11:58:00Z', reason: '', reason_code: null }

/** The sync that brought all of them to Outlook. */
export const firstSync = (rows: readonly AgendaRowView[]): RunView => ({
  run: 13, at: NOW, kind: 'sync', outcome: 'ok', entries: rows.map((one) => ({ ...entry, run: 13, at: NOW, id: one.id, op: 'create', title: one.title, reason: 'new', reason_code: 'new' })),
})

export const runs = (): RunView[] => [
  {
    run: 12, at: '2026-11-21T11:58:00Z', kind: 'sync', outcome: 'ok',
    entries: [
      { ...entry, run: 12, id: 'r4', op: 'pull', title: 'Renew the passport', reason: 'edited in Outlook', reason_code: 'edited_in_outlook', changes: [{ field: 'title', before: 'Passport', after: 'Renew the passport' }] },
      { ...entry, run: 12, id: 'r1', op: 'create', title: 'Return the library books', reason: 'new', reason_code: 'new' },
    ],
  },
  { run: 11, at: '2026-11-21T09:10:00Z', kind: 'hand', outcome: 'ok', entries: [{ ...entry, run: 11, at: '2026-11-21T09:10:00Z', id: 'r9', op: 'delete', title: 'Water the ferns', reason: 'removed here', reason_code: 'removed_here' }] },
  {
    run: 10, at: '2026-11-20T18:00:00Z', kind: 'sync', outcome: 'attention',
    entries: [{ ...entry, run: 10, at: '2026-11-20T18:00:00Z', id: 'r2', op: 'merge', title: 'Call the plumber', reason: 'edited here and in Outlook', reason_code: 'edited_on_both', conflict: true, changes: [{ field: 'time', before: '2026-11-20T14:30 Europe/Berlin, 30 min', after: '2026-11-21T14:30 Europe/Berlin, 30 min' }] }],
  },
]
