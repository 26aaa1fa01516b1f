import { commands, events, type ProblemView } from './bindings'
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

export function tauriDoor(): Door {
  return {
    async snapshot() {
      const snapshot = await unwrap(commands.snapshot())
      if (!snapshot) throw troubleOf('The app gave no state.')
      return snapshot
    },
    understand: (text) => unwrap(commands.understand(text)),
    add: (text) => done(commands.add(text)),
    setDone: (id, is) => done(commands.setDone(id, is)),
    remove: (id) => done(commands.remove(id)),
    addList: (name) => done(commands.addList(name)),
    calendars: (account) => unwrap(commands.calendars(account)),
    target: (list, account, calendar) => done(commands.target(list, account, calendar)),
    plan: (list) => unwrap(commands.plan(list)),
    start: (list) => done(commands.start(list)),
    sync: () => done(commands.sync()),
    confirm: (removed) => done(commands.confirm(removed)),
    connect: (practice) => done(commands.connect(practice)),
    allow: (account) => done(commands.allow(account)),
    letter: (account) => unwrap(commands.letter(account)),
    tryApproval: (account) => done(commands.tryApproval(account)),
    signOut: (account, deleteEvents) => done(commands.signOut(account, deleteEvents)),
    open: (url) => done(commands.open(url)),
    useCode: () => done(commands.useCode()),
    cancelSignIn: () => done(commands.cancelSignIn()),
    onChange(callback) {
      const listening = events.stateChanged.listen(() => callback())
      return () => void listening.then((stop) => stop())
    },
  }
}
