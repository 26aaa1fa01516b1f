// The one door to the app. Behind it is Tauri, or a fake for design and tests; nothing else in the window knows which.
import { m } from '../words/messages'
import type {
  AgendaRowView, BackupView, CalendarView, ChoiceView, DefaultsView, LetterView, ListChangeView, OpenedView, PlannedView, PreferencesView, ProblemView, RunView, SetAsideView, SettingsView,
  SnapshotView, TableView, UndoneView, WaitingView, WishView, WordsView,
} from './bindings'

export type {
  AccountView, AgendaRowView, BackupView, CalendarView, ChipView, DefaultsView, EntryView, ExceptionView, FieldChangeView, LanguageView, LetterView, ListChangeView, ListView, OpenedView, PlannedView, PreferencesView,
  ProblemView, ReadingView, RunView, SeriesDateView, SetAsideView, SettingsView, ShowAsView, SigningInView, SnapshotView, TableView, UndoneView, WaitingView, WishView, WordsView,
} from './bindings'

/** What is to be said of a reminder; what is left out stays as it is. */
export type Wish = Partial<WishView>

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
  return new Trouble({ code: 'internal', title: m.problem_internal_title(), detail: String(error), action: m.problem_report() })
}

export interface Door {
  snapshot(): Promise<SnapshotView>
  understand(text: string): Promise<WordsView>
  /** Adds a reminder from plain words, to the list if they name none. */
  add(text: string, list: string | null): Promise<string[]>
  /** A reminder with everything that its editor shows; with a day, that date of it. */
  reminder(id: string, on: string | null): Promise<OpenedView>
  edit(id: string, on: string | null, wish: Wish): Promise<void>
  setDone(id: string, on: string | null, done: boolean): Promise<void>
  remove(id: string): Promise<void>
  /** Makes the event of a dismissed or refused reminder again. */
  restore(id: string): Promise<void>
  /** Makes the events of a reminder again that wait to be taken off its list. */
  keep(id: string): Promise<void>
  /** Leaves one date of a series out. */
  leaveOut(id: string, on: string): Promise<void>
  /** Makes one date what its series says again. */
  restoreDate(id: string, on: string): Promise<void>
  /** Moves a reminder, or one date of it, from the day that it is shown on to another. */
  moveToDay(id: string, on: string | null, from: string, to: string): Promise<void>
  /** Every date from one day to another. */
  dates(from: string, to: string): Promise<AgendaRowView[]>
  runs(limit: number): Promise<RunView[]>
  /** What waits for a yes. */
  waiting(): Promise<WaitingView[]>
  /** Takes back a run, or what was last done to a reminder; a dry run only says what that would be. */
  undo(what: string, dryRun: boolean): Promise<UndoneView[]>
  /** Takes back what one run did to one reminder. */
  undoEntry(run: number, id: string): Promise<UndoneView[]>
  addList(name: string): Promise<void>
  editList(name: string, change: Partial<ListChangeView>): Promise<void>
  setDefaults(name: string, defaults: DefaultsView): Promise<void>
  /** What could not be read of a list. */
  setAside(list: string): Promise<SetAsideView[]>
  /** Adds a list that follows a file, a folder or a feed. */
  follow(name: string, from: string, allowHttp: boolean, map: string | null): Promise<void>
  /** The beginning of a file that is a table; null for what is none. */
  tableHead(path: string): Promise<TableView | null>
  choose(what: ChoiceView): Promise<string | null>
  followInstead(name: string, from: string, allowHttp: boolean): Promise<void>
  removeList(name: string, deleteEvents: boolean): Promise<void>
  /** Keeps a list on this computer only. */
  takeOut(name: string, deleteEvents: boolean): Promise<void>
  calendars(account: string): Promise<CalendarView[]>
  target(list: string, account: string, calendar: string | null): Promise<void>
  /** What the first sync of a list would do. Nothing is written. */
  plan(list: string): Promise<PlannedView[]>
  /** The plan of a list was seen: syncs it. */
  start(list: string): Promise<void>
  sync(): Promise<void>
  /** Says yes to what waits for this, and to nothing else: the `for` of what waits, or `vanished`; a first sync is answered with `new` or `removed`. */
  confirm(answer: string): Promise<void>
  settings(): Promise<SettingsView>
  setPreferences(preferences: PreferencesView): Promise<void>
  /** Starts Belfry with the person's session, or does not. */
  startAtLogin(on: boolean): Promise<void>
  /** What the window was to do first is done. */
  ranErrand(): Promise<void>
  quit(): Promise<void>
  openInOutlook(id: string): Promise<void>
  /** Timers sync nothing for so many minutes; null is until resumed. */
  pause(minutes: number | null): Promise<void>
  resume(): Promise<void>
  /** Copies of the database, the newest first. */
  backups(): Promise<BackupView[]>
  backUp(): Promise<void>
  /** Puts everything back to a copy; how it is now is saved first. */
  restoreBackup(file: string): Promise<void>
  /** Tries everything out, and reports it, with the titles of reminders and the names of lists if a person wants them in it. */
  report(titles: boolean): Promise<string>
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
