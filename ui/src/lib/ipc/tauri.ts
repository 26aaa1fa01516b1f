import { commands, events, type ProblemView } from './bindings'
import { type Door, Trouble } from './door'

type Outcome<T> = { status: 'ok'; data: T } | { status: 'error'; error: ProblemView }

/** A refusal of the framework itself comes as a bare text. */
function trouble(error: ProblemView | string): Trouble {
  if (typeof error !== 'string') return new Trouble(error)
  return new Trouble({ code: 'internal', title: 'A defect of Belfry\u2019s', detail: error, action: 'Please report this.' })
}

async function unwrap<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const settled = await outcome
  if (settled.status === 'error') throw trouble(settled.error)
  return settled.data
}

async function done(outcome: Promise<Outcome<null>>): Promise<void> {
  await unwrap(outcome)
}

export function tauriDoor(): Door {
  return {
    async snapshot() {
      const snapshot = await unwrap(commands.snapshot())
      if (!snapshot) throw trouble('The app gave no state.')
      return snapshot
    },
    understand: (text) => unwrap(commands.understand(text)),
    add: (text) => done(commands.add(text)),
    setDone: (id, is) => done(commands.setDone(id, is)),
    remove: (id) => done(commands.remove(id)),
    addList: (name) => done(commands.addList(name)),
    calendars: (account) => unwrap(commands.calendars(account)),
    target: (list, account, calendar) => done(commands.target(list, account, calendar)),
    sync: () => done(commands.sync()),
    connect: (practice) => done(commands.connect(practice)),
    allow: (account) => done(commands.allow(account)),
    cancelSignIn: () => done(commands.cancelSignIn()),
    onChange(callback) {
      const listening = events.stateChanged.listen(() => callback())
      return () => void listening.then((stop) => stop())
    },
  }
}
