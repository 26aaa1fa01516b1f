// A small app that lives in the page: enough of one to design and test the whole window without Rust.
import { type AgendaRowView, type BackupView, type Door, type ListView, type PreferencesView, type SettingsView, type SnapshotView, Trouble, type UndoneView, type WaitingView } from '../door'
import { daysBetween } from '../../../shared/dates'
import { ACCOUNT, firstSync, list as makeList, NOW, row, runs, settings, typicalSnapshot } from './data'
import { datesOf, Details, rowOf, shifted } from './details'
import { understand } from './words'

export { emptySnapshot, largeSnapshot, typicalSnapshot } from './data'
export { SCENES } from './scenes'

const refuse = (detail: string, action: string) => new Trouble({ code: 'bad_input', title: 'That cannot be', detail, action })

class Fake {
  state: SnapshotView
  settings: SettingsView = settings()
  runs = runs()
  copies: BackupView[] = [{ file: '/home/ada/.local/share/belfry/backups/20261120T073000Z-daily.db', at: '2026-11-20T07:30:00Z', kib: 208, state: 'whole' }]
  readonly removed = new Map<string, AgendaRowView>()
  readonly details = new Details()
  readonly listeners = new Set<() => void>()

  constructor(start: SnapshotView) {
    this.state = structuredClone(start)
    // Where nothing is yet nothing was done, and where there is much it came with one sync.
    if (!start.agenda.length && !start.accounts.length) this.runs = []
    if (start.agenda.length > 1000) this.runs = [firstSync(start.agenda), ...this.runs]
  }

  change(next: Partial<SnapshotView>) {
    this.state = { ...this.state, ...next }
    this.listeners.forEach((tell) => tell())
  }

  row(id: string): AgendaRowView {
    const found = this.state.agenda.find((one) => one.id === id)
    if (!found) throw new Trouble({ code: 'unknown_name', title: 'Not found', detail: `There is no reminder \`${id}\`.`, action: '' })
    return found
  }

  /** Rows by day and time, as the app gives them. */
  agenda(rows: AgendaRowView[]) {
    const key = (one: AgendaRowView) => `${one.day} ${one.time ?? ''} ${one.id}`
    this.change({ agenda: [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1)) })
  }

  edit(id: string, more: Partial<AgendaRowView>) {
    this.agenda(this.state.agenda.map((one) => (one.id === id ? { ...one, ...more } : one)))
  }

  list(name: string, more: Partial<ListView>) {
    this.change({ lists: this.state.lists.map((one) => (one.name === name ? { ...one, ...more } : one)) })
  }

  ready(id: string) {
    this.change({ attention: null, accounts: this.state.accounts.map((one) => (one.id === id ? { ...one, state: 'ready' } : one)) })
  }

  bringBack(id: string): UndoneView[] {
    const gone = this.removed.get(id)
    if (!gone) throw refuse('Nothing was done to this reminder that could be taken back.', '')
    this.removed.delete(id)
    this.agenda([...this.state.agenda, gone])
    return [{ id, title: gone.title, did: 'made_again', fields: [], stay: [], why: null, why_code: null }]
  }
}

/** What is held, as the app would say it. */
function waitingOf(state: SnapshotView): WaitingView[] {
  const held = state.agenda.filter((one) => one.state === 'held')
  const isNew = state.attention?.code === 'first_sync_question'
  const isShrunk = state.attention?.code === 'source_shrank'
  const why = isShrunk
    ? { for: 'shrunk', op: 'delete', reason: 'no longer in its source', reason_code: 'left_source', can_keep: false }
    : isNew
    ? { for: 'first_sync', op: 'create', reason: 'new here, or removed elsewhere', reason_code: 'new_or_removed', can_keep: false }
    : { for: 'removal', op: 'dismiss', reason: 'removed in Outlook', reason_code: 'removed_in_outlook', can_keep: true }
  return held.map(({ id, title, list, day, time }) => ({ id, title, list, when: time ? `${day}T${time}:00` : day, ...why }))
}

export function fakeDoor(start: SnapshotView = typicalSnapshot(), preferences: Partial<PreferencesView> = {}): Door {
  const fake = new Fake(start)
  Object.assign(fake.settings.preferences, preferences)
  return {
    ...reminders(fake), ...lists(fake), ...accounts(fake),
    snapshot: async () => structuredClone(fake.state),
    settings: async () => structuredClone(fake.settings),
    async startAtLogin(on) {
      fake.settings = { ...fake.settings, starts_at_login: on }
    },
    ranErrand: async () => fake.change({ errand: null }),
    quit: async () => {},
    async setPreferences(preferences) {
      if (!(preferences.interval_minutes >= 1 && preferences.interval_minutes <= 1440)) throw refuse('interval_minutes has to be between 1 and 1440.', 'Choose another value.')
      fake.settings = { ...fake.settings, preferences }
      // In a browser only the page is enlarged: its layout still goes by the width of the window.
      document.documentElement.style.setProperty('zoom', `${preferences.zoom}%`)
      fake.change({})
    },
    async pause(minutes) {
      fake.settings = { ...fake.settings, paused: true, paused_until: minutes === null ? null : '2026-11-21T13:00:00Z' }
      fake.change({ sync: 'paused' })
    },
    async resume() {
      fake.settings = { ...fake.settings, paused: false, paused_until: null }
      fake.change({ sync: 'idle' })
    },
    backups: async () => fake.copies,
    async backUp() {
      fake.copies = [{ file: '/home/ada/.local/share/belfry/backups/20261121T120000Z-by-hand.db', at: NOW, kib: 212, state: 'whole' }, ...fake.copies]
    },
    restoreBackup: async (file) => fake.change({ attention: { code: 'database_restored', title: 'Back to an earlier copy', detail: `Everything here is as in the copy of ${fake.copies.find((one) => one.file === file)?.at === NOW ? '21 November 2026 at 13:00' : '20 November 2026 at 08:30'}.`, action: 'Sync: what is in Outlook comes back by itself. Look at reminders that are on this computer only.' } }),
    report: async (titles) => 'Belfry 0.1.0 on linux x86_64\n\n[checks]\ndatabase Fine: whole\nkeychain Fine: a secret was kept, read and deleted\nnetwork Trouble: https://login.example cannot be reached\n' + (titles ? '\n[lists]\n1f0c 4 reminders, calendar , links:  "Household"\n' : ''),
    onChange(callback) {
      fake.listeners.add(callback)
      return () => void fake.listeners.delete(callback)
    },
  }
}

type Reminders = Pick<Door, 'understand' | 'add' | 'reminder' | 'edit' | 'setDone' | 'remove' | 'restore' | 'keep' | 'leaveOut' | 'restoreDate' | 'moveToDay' | 'dates' | 'waiting' | 'runs' | 'undo' | 'undoEntry'>

function reminders(fake: Fake): Reminders {
  const opened = (id: string, on: string | null) => fake.details.on(fake.row(id), fake.state, on)
  return {
    understand: async (text) => understand(text),
    async add(text, into) {
      const understood = understand(text)
      if (!understood.when) throw refuse(`\`${text}\` says no time.`, 'Add a time, such as `tomorrow 9am` or `3 March`.')
      const name = understood.list ?? into ?? 'Reminders'
      const list = fake.state.lists.find((one) => one.name.toLowerCase() === name.toLowerCase())
      if (!list) throw refuse(`There is no list \`${name}\`.`, 'Name another list.')
      const [day = '', time] = understood.when.split('T')
      const id = `n${fake.state.agenda.length}`
      fake.agenda([...fake.state.agenda, row(id, understood.title, day, time?.slice(0, 5) ?? null, {
        state: list.calendar ? 'waiting' : 'local', list: list.name, colour: list.colour, repeats: understood.repeats, on: understood.repeats ? day : null,
      })])
      return [id]
    },
    reminder: async (id, on) => structuredClone(opened(id, on)),
    async edit(id, on, wish) {
      const known = fake.row(id)
      const next = fake.details.edit(known, fake.state, on, wish)
      const list = fake.state.lists.find((one) => one.name === wish.list)
      if (on) fake.change({})
      else fake.edit(id, { ...rowOf(known, next), ...(list ? { list: list.name, colour: list.colour } : {}) })
    },
    setDone: async (id, on, done) => {
      if (on === null) return fake.edit(id, { done })
      fake.details.setDone(id, on, done)
      const next = opened(id, null).next.find((one) => !one.done)?.on
      if (next) fake.edit(id, { day: next, on: next })
    },
    async remove(id) {
      const { sourced, state } = fake.row(id)
      if (sourced && state === 'local') throw refuse('This reminder comes from a source and is not in Outlook; here it would come back.', 'Remove it at its source.')
      fake.removed.set(id, fake.row(id))
      fake.change({ agenda: fake.state.agenda.filter((one) => one.id !== id) })
    },
    async restore(id) {
      fake.edit(id, { state: 'waiting' })
    },
    async keep(id) {
      fake.edit(id, { state: 'waiting' })
      if (fake.state.attention?.code === 'held' && !waitingOf(fake.state).length) fake.change({ attention: null })
    },
    async leaveOut(id, on) {
      fake.details.leaveOut(id, on)
      const next = opened(id, null).next[0]?.on
      fake.edit(id, next ? { day: next, on: next } : {})
    },
    async restoreDate(id, on) {
      fake.details.restoreDate(id, on)
      const next = opened(id, null).next[0]?.on
      fake.edit(id, next ? { day: next, on: next } : {})
    },
    async moveToDay(id, on, from, to) {
      if (fake.row(id).sourced) throw refuse('Title, notes, times and repetition of this reminder come from its source.', 'Change them there.')
      const at = shifted(opened(id, on).start, daysBetween(from, to))
      const next = fake.details.edit(fake.row(id), fake.state, on, { at })
      if (on) fake.change({})
      else fake.edit(id, rowOf(fake.row(id), next))
    },
    dates: async (from, to) => fake.state.agenda.flatMap((one) => datesOf(one, () => fake.details.whole(one, fake.state), from, to)),
    waiting: async () => waitingOf(fake.state),
    async runs(limit) {
      const runs = structuredClone(fake.runs.slice(0, limit))
      // As in the app, what was settled by rule is seen with them.
      const seen = new Set(runs.flatMap((run) => run.entries.filter((one) => one.conflict).map((one) => one.id)))
      fake.state = { ...fake.state, agenda: fake.state.agenda.map((one) => (one.state === 'conflict' && seen.has(one.id) ? { ...one, state: 'synced' } : one)) }
      return runs
    },
    async undo(what, dryRun) {
      if (fake.removed.has(what)) return fake.bringBack(what)
      const run = fake.runs.find((one) => String(one.run) === what)
      if (!run) throw refuse(`There is no run or reminder \`${what}\`.`, '')
      if (!dryRun) {
        fake.runs = [{ run: (fake.runs[0]?.run ?? 0) + 1, at: NOW, kind: 'undo', outcome: 'ok', entries: run.entries }, ...fake.runs]
        fake.change({})
      }
      return run.entries.map((one) => ({ id: one.id, title: one.title, did: one.op === 'create' ? 'dismissed' : one.op === 'delete' ? 'made_again' : 'put_back', fields: one.changes.map((change) => change.field), stay: [], why: null, why_code: null }))
    },
    async undoEntry(run, id) {
      const entry = fake.runs.find((one) => one.run === run)?.entries.find((one) => one.id === id)
      const title = entry?.changes.find((one) => one.field === 'title')?.before
      if (title) {
        const next = fake.details.edit(fake.row(id), fake.state, null, { title })
        fake.edit(id, rowOf(fake.row(id), next))
      }
      return [{ id, title: entry?.title ?? '', did: 'put_back', fields: entry?.changes.map((one) => one.field) ?? [], stay: [], why: null, why_code: null }]
    },
  }
}

type Lists = Pick<Door, 'addList' | 'editList' | 'setDefaults' | 'setAside' | 'follow' | 'tableHead' | 'choose' | 'followInstead' | 'removeList' | 'takeOut' | 'calendars' | 'target' | 'plan' | 'start'>

function lists(fake: Fake): Lists {
  const fresh = (name: string) => {
    if (fake.state.lists.some((one) => one.name.toLowerCase() === name.trim().toLowerCase())) throw refuse(`There is a list \`${name}\` already.`, 'Take another name.')
    return makeList(name, name.trim(), { colour: '#0f7b6c' })
  }
  const sourced = (from: string, allowHttp: boolean): Partial<ListView> => {
    if (/^http:/.test(from) && !allowHttp) throw refuse('Everybody on the way could read and change a feed over plain http.', 'Use its https address.')
    return { source: /:\/\//.test(from) ? 'feed' : from.endsWith('/') ? 'folder' : 'file', location: from, last_read_at: NOW, both_ways: false }
  }
  return {
    addList: async (name) => fake.change({ lists: [...fake.state.lists, fresh(name)] }),
    async editList(name, change) {
      const next = change.name?.trim()
      fake.list(name, { ...(next ? { name: next } : {}), ...(change.colour ? { colour: change.colour } : {}), ...(change.horizon_months ? { horizon_months: change.horizon_months } : {}), ...(change.helpers === null || change.helpers === undefined ? {} : { helpers: change.helpers }) })
      fake.change({ agenda: fake.state.agenda.map((one) => (one.list === name ? { ...one, list: next ?? name, colour: change.colour ?? one.colour } : one)) })
    },
    async setDefaults(name, defaults) {
      if (defaults.zone !== null && !/^[A-Z]\w+(\/\w+)*$/.test(defaults.zone)) throw refuse(`\`${defaults.zone}\` is not a time zone.`, 'Use an IANA name such as Europe/Berlin.')
      fake.list(name, { defaults })
    },
    setAside: async () => [
      { origin: 'https://school.example/dates.ics', line: 48, reason: 'The start `next Tuesday` is not a time.', raw: 'BEGIN:VEVENT\nSUMMARY:Sports day <b>bring shoes</b>\nDTSTART:next Tuesday\nEND:VEVENT' },
      { origin: 'https://school.example/dates.ics', line: 97, reason: 'The end is before the start.', raw: 'BEGIN:VEVENT\nSUMMARY:Concert\nDTSTART:20261212T180000Z\nDTEND:20261211T180000Z\nEND:VEVENT' },
    ],
    follow: async (name, from, allowHttp) => fake.change({ lists: [...fake.state.lists, { ...fresh(name), ...sourced(from, allowHttp) }] }),
    tableHead: async (path) => (path.trim().endsWith('.csv') ? { header: ['Contract', 'Expires', 'Owner'], rows: [['Lease of the flat', '03/04/2027', 'Flat'], ['Phone', '17/04/2027', 'Office']], fields: ['title', 'date', 'time', 'notes', 'category'], columns: [['date', 'Expires']] } : null),
    choose: async (what) => (what === 'folder' ? '/home/ada/calendars' : '/home/ada/Documents/contracts.csv'),
    followInstead: async (name, from, allowHttp) => fake.list(name, sourced(from, allowHttp)),
    removeList: async (name) => fake.change({ lists: fake.state.lists.filter((one) => one.name !== name), agenda: fake.state.agenda.filter((one) => one.list !== name) }),
    async takeOut(name) {
      fake.list(name, { account: null, calendar: null, unstarted: false })
      fake.change({ agenda: fake.state.agenda.map((one) => (one.list === name ? { ...one, state: 'local' } : one)) })
    },
    calendars: async () => [{ id: 'c1', name: 'Calendar' }, ...(fake.state.lists.some((one) => one.calendar === 'Belfry' && !one.unstarted) ? [{ id: 'c2', name: 'Belfry' }] : [])],
    async target(name, account, calendar) {
      // Who moves a list by hand has seen it in Outlook already.
      const known = fake.state.lists.find((one) => one.name === name)
      fake.list(name, { account, calendar: calendar ? 'Calendar' : 'Belfry', unstarted: !known?.calendar || known.unstarted })
      fake.change({ sync: 'idle' })
    },
    plan: async (name) => fake.state.agenda.filter((one) => one.list === name).map((one) => ({ op: 'create', title: one.title, when: one.time ? `${one.day}T${one.time}:00` : one.day, reason: 'new', reason_code: 'new' })),
    async start(name) {
      fake.list(name, { unstarted: false })
      fake.change({ last_sync_at: NOW, agenda: fake.state.agenda.map((one) => (one.list === name ? { ...one, state: 'synced' } : one)) })
    },
  }
}

/** As the app writes it. */
const letterText = (url: string) => `Hello,\n\nI would like to use Belfry, an open-source desktop app that keeps my own reminders in my own Outlook calendar. Our organisation asks an administrator to approve its permissions first.\n\nTo approve, open this page as an administrator:\n${url}\n\nWhat it asks for, as delegated permissions: it acts as the signed-in person only, never on its own, and never reaches another mailbox.\n- Calendars.ReadWrite: to write reminders into the person's own calendars\n- User.Read, openid, profile: who signed in\n- offline_access: to stay signed in\n\nTenant: ${ACCOUNT.tenant}\nAccount: ${ACCOUNT.login}\n\nThank you!\n`

type Accounts = Pick<Door, 'sync' | 'confirm' | 'connect' | 'allow' | 'letter' | 'tryApproval' | 'signOut' | 'open' | 'openInOutlook' | 'useCode' | 'cancelSignIn'>

function accounts(fake: Fake): Accounts {
  return {
    sync: async () => fake.change({ sync: 'idle', ...(fake.state.attention?.code === 'database_restored' ? { attention: null } : {}), last_sync_at: NOW, agenda: fake.state.agenda.map((one) => ({ ...one, state: one.state === 'waiting' ? 'synced' : one.state })) }),
    confirm: async (answer) =>
      fake.change({ attention: null, agenda: fake.state.agenda.map((one) => ({ ...one, state: one.state === 'held' ? (['new', 'keep'].includes(answer) ? 'synced' : 'dismissed') : one.state })) }),
    connect: async () => fake.change({ accounts: [{ ...ACCOUNT, state: 'no_calendar_access' }], sign_in_problem: null }),
    allow: async (id) => fake.ready(id),
    async letter(id) {
      fake.change({ accounts: fake.state.accounts.map((one) => (one.id === id ? { ...one, state: 'waiting_for_approval' } : one)) })
      const url = 'https://login.example/tenant/v2.0/adminconsent?client_id=1'
      return { url, text: letterText(url) }
    },
    tryApproval: async (id) => fake.ready(id),
    signOut: async (id) =>
      fake.change({
        accounts: fake.state.accounts.filter((one) => one.id !== id), sync: 'local', attention: null,
        lists: fake.state.lists.map((one) => (one.account === id ? { ...one, account: null, calendar: null, unstarted: false } : one)),
      }),
    openInOutlook: async () => {},
    open: async () => {},
    useCode: async () => fake.change({ signing_in: { url: 'https://login.example/devicelogin', code: 'F7KQ2M4XA' } }),
    cancelSignIn: async () => fake.change({ signing_in: null, sign_in_problem: null }),
  }
}
