import { commands, events, type ListChangeView, type ProblemView, type WishView } from './bindings'
import { m } from '../words/messages'
import { type Door, Trouble, troubleOf } from './door'

type Outcome<T> = { status: 'ok'; data: T } | { status: 'error'; error: ProblemView }

async function unwrap<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const settled = await outcome
  if (settled.status === 'ok') return settled.data
  // A refusal of the framework itself comes as a bare text, whatever the bindings say.
  throw typeof settled.error === 'string' ? troubleOf(settled.error) : new Trouble(settled.error)
}

async function done(outcome: Promise<Outcome<null>>): Promise<void> {
  await unwrap(outcome)
}

// What is not said goes as null.
const WISH: WishView = {
  title: null, at: null, zone: null, minutes: null, repeat: null, alarms: null, notes: null, category: null, show_as: null, private: null, link: null, list: null,
}
const CHANGE: ListChangeView = { name: null, colour: null, horizon_months: null, helpers: null }

export function tauriDoor(): Door {
  return {
    async snapshot() {
      const snapshot = await unwrap(commands.snapshot())
      if (!snapshot) throw troubleOf(m.problem_no_state())
      return snapshot
    },
    understand: (text) => unwrap(commands.understand(text)),
    add: (text, list) => unwrap(commands.add(text, list)),
    reminder: (id, on) => unwrap(commands.reminder(id, on)),
    edit: (id, on, wish) => done(commands.edit(id, on, { ...WISH, ...wish })),
    setDone: (id, on, is) => done(commands.setDone(id, on, is)),
    remove: (id) => done(commands.remove(id)),
    restore: (id) => done(commands.restore(id)),
    keep: (id) => done(commands.keep(id)),
    leaveOut: (id, on) => done(commands.leaveOut(id, on)),
    restoreDate: (id, on) => done(commands.restoreDate(id, on)),
    moveToDay: (id, on, from, to) => done(commands.moveToDay(id, on, from, to)),
    dates: (from, to) => unwrap(commands.dates(from, to)),
    runs: (limit) => unwrap(commands.runs(limit)),
    waiting: () => unwrap(commands.waiting()),
    undo: (what, dryRun) => unwrap(commands.undo(what, dryRun)),
    undoEntry: (run, id) => unwrap(commands.undoEntry(run, id)),
    addList: (name) => done(commands.addList(name)),
    editList: (name, change) => done(commands.editList(name, { ...CHANGE, ...change })),
    setDefaults: (name, defaults) => done(commands.setDefaults(name, defaults)),
    setAside: (list) => unwrap(commands.setAside(list)),
    follow: (name, from, allowHttp, map) => done(commands.follow(name, from, allowHttp, map)),
    tableHead: (path) => unwrap(commands.tableHead(path)),
    choose: (what) => unwrap(commands.choose(what)),
    followInstead: (name, from, allowHttp) => done(commands.followInstead(name, from, allowHttp)),
    removeList: (name, deleteEvents) => done(commands.removeList(name, deleteEvents)),
    takeOut: (name, deleteEvents) => done(commands.takeOut(name, deleteEvents)),
    calendars: (account) => unwrap(commands.calendars(account)),
    target: (list, account, calendar) => done(commands.target(list, account, calendar)),
    plan: (list) => unwrap(commands.plan(list)),
    start: (list) => done(commands.start(list)),
    sync: () => done(commands.sync()),
    confirm: (answer) => done(commands.confirm(answer)),
    settings: () => unwrap(commands.settings()),
    setPreferences: (preferences) => done(commands.setPreferences(preferences)),
    startAtLogin: (on) => done(commands.startAtLogin(on)),
    ranErrand: () => done(commands.ranErrand()),
    quit: () => done(commands.quit()),
    pause: (minutes) => done(commands.pause(minutes)),
    resume: () => done(commands.resume()),
    report: (titles) => unwrap(commands.report(titles)),
    backups: () => unwrap(commands.backups()),
    backUp: () => done(commands.backUp()),
    restoreBackup: (file) => done(commands.restoreBackup(file)),
    connect: (practice) => done(commands.connect(practice)),
    allow: (account) => done(commands.allow(account)),
    letter: (account) => unwrap(commands.letter(account)),
    tryApproval: (account) => done(commands.tryApproval(account)),
    signOut: (account, deleteEvents) => done(commands.signOut(account, deleteEvents)),
    open: (url) => done(commands.open(url)),
    openInOutlook: (id) => done(commands.openInOutlook(id)),
    useCode: () => done(commands.useCode()),
    cancelSignIn: () => done(commands.cancelSignIn()),
    onChange(callback) {
      const listening = events.stateChanged.listen(() => callback())
      // Before the window goes the page hands over what was typed last, as before any other end of it.
      void events.closing.listen(() => window.dispatchEvent(new Event('pagehide')))
      return () => void listening.then((stop) => stop())
    },
  }
}
