// The one door to the app. Behind it is Tauri, or a fake for design and tests; nothing else in the window knows which.
import type { CalendarView, LetterView, PlannedView, ProblemView, SnapshotView, WordsView } from './bindings'

export type { AccountView, AgendaRowView, CalendarView, ChipView, LetterView, ListView, PlannedView, ProblemView, SigningInView, SnapshotView, WordsView } from './bindings'

/** What went wrong, as the app says it. */
export class Trouble extends Error {
  readonly problem: ProblemView
  constructor(problem: ProblemView) {
    super(problem.detail)
    this.problem = problem
  }
}

/** Whatever was thrown, as something to show: what the app did not say itself is a defect. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Trouble) return error
  return new Trouble({ code: 'internal', title: 'A defect of Belfry\u2019s', detail: String(error), action: 'Please report this.' })
}

export interface Door {
  snapshot(): Promise<SnapshotView>
  understand(text: string): Promise<WordsView>
  add(text: string): Promise<void>
  setDone(id: string, done: boolean): Promise<void>
  remove(id: string): Promise<void>
  addList(name: string): Promise<void>
  calendars(account: string): Promise<CalendarView[]>
  target(list: string, account: string, calendar: string | null): Promise<void>
  /** What the first sync of a list would do. Nothing is written. */
  plan(list: string): Promise<PlannedView[]>
  /** The plan of a list was seen: syncs it. */
  start(list: string): Promise<void>
  sync(): Promise<void>
  /** Does what waits; `removed` answers a list's first sync: removed elsewhere, or new? */
  confirm(removed: boolean): Promise<void>
  connect(practice: boolean): Promise<void>
  allow(account: string): Promise<void>
  /** What to send to an administrator; from then on the account waits for approval. */
  letter(account: string): Promise<LetterView>
  /** Asks whether an administrator gave access meanwhile; if not, opens the page once more. */
  tryApproval(account: string): Promise<void>
  /** Forgets a sign-in; its lists become local. */
  signOut(account: string, deleteEvents: boolean): Promise<void>
  /** Opens a web or mail address outside. */
  open(url: string): Promise<void>
  /** Goes on with a code in a browser anywhere, instead of the browser that is waited for. */
  useCode(): Promise<void>
  /** Stops waiting, and forgets why the last sign-in failed. */
  cancelSignIn(): Promise<void>
  /** Calls back whenever the snapshot is another one; answers with how to stop. */
  onChange(callback: () => void): () => void
}
