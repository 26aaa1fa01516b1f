// A small app that lives in the page: enough of one to design and test the whole window without Rust.
import { type AgendaRowView, type Door, type SnapshotView, Trouble } from './door'

const row = (id: string, title: string, day: string, time: string | null, more: Partial<AgendaRowView> = {}): AgendaRowView => ({
  id, title, day, time, list: 'Reminders', colour: '#2f6fde', repeats: false, alarm: true, done: false, overdue: false, state: 'synced', ...more,
})

export function emptySnapshot(): SnapshotView {
  return {
    today: '2026-11-21', agenda: [], accounts: [], sync: 'local', last_sync_at: null, waiting: 0, attention: null, signing_in: null, sign_in_problem: null,
    lists: [{ id: 'l1', name: 'Reminders', colour: '#2f6fde', count: 0, account: null, calendar: null, unstarted: false }],
  }
}

export function typicalSnapshot(): SnapshotView {
  return {
    ...emptySnapshot(),
    sync: 'idle', last_sync_at: '2026-11-21T11:58:00Z',
    accounts: [{ id: 'practice/t/o', login: 'ada@contoso.example', name: 'Ada (practice)', kind: 'work', tenant: 't', state: 'ready' }],
    lists: [
      { id: 'l1', name: 'Reminders', colour: '#2f6fde', count: 3, account: 'practice/t/o', calendar: 'Belfry', unstarted: false },
      { id: 'l2', name: 'Household', colour: '#a8541b', count: 2, account: null, calendar: null, unstarted: false },
    ],
    agenda: [
      row('r1', 'Return the library books', '2026-11-19', '17:00', { overdue: true }),
      row('r2', 'Call the plumber', '2026-11-21', '14:30', { state: 'waiting' }),
      row('r3', 'Put the paper bin out', '2026-11-24', '19:30', { repeats: true, list: 'Household', colour: '#a8541b', state: 'local' }),
      row('r4', 'Renew the passport', '2027-03-03', null, { repeats: true }),
    ],
  }
}

export function fakeDoor(start: SnapshotView = typicalSnapshot()): Door {
  let state = structuredClone(start)
  const listeners = new Set<() => void>()
  const change = (next: Partial<SnapshotView>) => {
    state = { ...state, ...next }
    listeners.forEach((tell) => tell())
  }
  const edit = (id: string, more: Partial<AgendaRowView>) => change({ agenda: state.agenda.map((one) => (one.id === id ? { ...one, ...more } : one)) })
  const ready = async (id: string) => change({ attention: null, accounts: state.accounts.map((one) => (one.id === id ? { ...one, state: 'ready' } : one)) })
  const words = (text: string) => {
    const time = /\b(\d{1,2}):(\d{2})\b/.exec(text)
    const tomorrow = /\btomorrow\b/i.test(text)
    const title = text.replace(/\btomorrow\b/i, '').replace(/\b\d{1,2}:\d{2}\b/, '').trim()
    const chips = [...(tomorrow ? [{ kind: 'date', text: 'tomorrow' }] : []), ...(time ? [{ kind: 'time', text: time[0] }] : [])]
    const when = tomorrow || time ? `2026-11-${tomorrow ? '22' : '21'}${time ? `T${time[1]?.padStart(2, '0')}:${time[2]}:00` : ''}` : null
    return { title, when, chips }
  }
  return {
    snapshot: async () => structuredClone(state),
    understand: async (text) => words(text),
    async add(text) {
      const understood = words(text)
      if (!understood.when) {
        throw new Trouble({ code: 'bad_input', title: 'That cannot be', detail: `\`${text}\` says no time.`, action: 'Add a time, such as `tomorrow 9am` or `3 March`.' })
      }
      const [day = '', time] = understood.when.split('T')
      change({ agenda: [...state.agenda, row(`n${state.agenda.length}`, understood.title, day, time?.slice(0, 5) ?? null, { state: 'waiting' })] })
    },
    setDone: async (id, done) => edit(id, { done }),
    remove: async (id) => change({ agenda: state.agenda.filter((one) => one.id !== id) }),
    addList: async (name) => change({ lists: [...state.lists, { id: name, name, colour: '#0f7b6c', count: 0, account: null, calendar: null, unstarted: false }] }),
    calendars: async () => [{ id: 'c1', name: 'Calendar' }],
    target: async (list, account, calendar) =>
      change({ lists: state.lists.map((one) => (one.name === list ? { ...one, account, calendar: calendar ? 'Calendar' : 'Belfry', unstarted: true } : one)), sync: 'idle' }),
    plan: async (list) => state.agenda.filter((one) => one.list === list).map((one) => ({ op: 'create', title: one.title, reason: 'not in Outlook yet' })),
    start: async (list) =>
      change({
        lists: state.lists.map((one) => (one.name === list ? { ...one, unstarted: false } : one)), last_sync_at: '2026-11-21T12:00:00Z',
        agenda: state.agenda.map((one) => (one.list === list ? { ...one, state: 'synced' } : one)),
      }),
    sync: async () => change({ sync: 'idle', last_sync_at: '2026-11-21T12:00:00Z', agenda: state.agenda.map((one) => ({ ...one, state: one.state === 'waiting' ? 'synced' : one.state })) }),
    confirm: async (removed) =>
      change({ attention: null, agenda: state.agenda.map((one) => ({ ...one, state: one.state === 'held' ? (removed ? 'dismissed' : 'synced') : one.state })) }),
    connect: async () => change({ accounts: [{ id: 'practice/t/o', login: 'ada@contoso.example', name: 'Ada (practice)', kind: 'work', tenant: 't', state: 'no_calendar_access' }] }),
    allow: ready,
    async letter(id) {
      change({ accounts: state.accounts.map((one) => (one.id === id ? { ...one, state: 'waiting_for_approval' } : one)) })
      const url = 'https://login.example/tenant/v2.0/adminconsent?client_id=1'
      return { url, text: `Hello,\n\nplease approve Belfry:\n${url}\n` }
    },
    tryApproval: ready,
    signOut: async (id) =>
      change({
        accounts: state.accounts.filter((one) => one.id !== id), sync: 'local', attention: null,
        lists: state.lists.map((one) => (one.account === id ? { ...one, account: null, calendar: null, unstarted: false } : one)),
      }),
    open: async () => {},
    useCode: async () => change({ signing_in: { url: 'https://login.example/devicelogin', code: 'F7KQ2M4XA' } }),
    cancelSignIn: async () => change({ signing_in: null, sign_in_problem: null }),
    onChange(callback) {
      listeners.add(callback)
      return () => void listeners.delete(callback)
    },
  }
}
