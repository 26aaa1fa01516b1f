// What the fake can begin with, by the name that the address has after its question mark: `?many`, `?signing-in`. For design, the walks and the pictures.
import type { AccountView, ProblemView, SnapshotView } from '../door'
import { ACCOUNT, emptySnapshot, largeSnapshot, list, NOW, row, TODAY, typicalSnapshot } from './data'

const LOGIN = ACCOUNT.login
const problem = (code: string, title: string, detail: string): ProblemView => ({ code, title, detail, action: '' })
const signedIn = (state: string, more: Partial<AccountView> = {}): SnapshotView => ({ ...emptySnapshot(), sync: 'idle', accounts: [{ ...ACCOUNT, state, ...more }] })

/** Something needs the person, and an account or rows show why. */
function needs(attention: ProblemView, state = 'ready', rows: Partial<Record<string, string>> = {}): SnapshotView {
  const home = typicalSnapshot()
  return {
    ...home, attention, accounts: home.accounts.map((one) => ({ ...one, state })), waiting: state === 'ready' ? 0 : 3,
    agenda: home.agenda.map((one) => ({ ...one, state: rows[one.id] ?? one.state })),
  }
}

/** A few reminders were typed before Outlook was connected. */
function typed(home: SnapshotView): SnapshotView {
  const agenda = [row('r2', 'Call the plumber', TODAY, '14:30', { state: 'local' }), row('r3', 'Put the paper bin out', '2026-11-24', '19:30', { state: 'local', repeats: true, on: '2026-11-24' }), row('r4', 'Renew the passport', '2027-03-03', null, { state: 'local', repeats: true, on: '2027-03-03' })]
  return { ...home, agenda, lists: home.lists.map((one) => ({ ...one, count: agenda.length })) }
}

/** Kept in Outlook, and nothing of it was written yet. */
const chosen = (): SnapshotView => typed({ ...signedIn('ready'), last_sync_at: NOW, lists: [list('l1', 'Reminders', { account: ACCOUNT.id, calendar: 'Belfry', unstarted: true })] })

export const SCENES: Record<string, () => SnapshotView> = {
  typical: typicalSnapshot,
  empty: emptySnapshot,
  many: () => largeSnapshot(10_000),
  /** More lists than the rail has room for. */
  'many-lists': () => ({ ...typicalSnapshot(), lists: [...typicalSnapshot().lists, ...Array.from({ length: 14 }, (_, index) => list(`m${index}`, `List number ${index + 4}`))] }),
  'long-list': () => ({ ...typicalSnapshot(), lists: typicalSnapshot().lists.map((one) => (one.is_default ? { ...one, name: 'What has to be done in and around the house before the winter comes, in the order of the rooms' } : one)) }),
  /** Named after the file that it follows. */
  'long-source': () => {
    const [name, home] = ['https_calendars.school.example_parents_dates_of_the_whole_school_year_2026_2027_final', typicalSnapshot()]
    return { ...home, lists: home.lists.map((one) => (one.source ? { ...one, name } : one)), agenda: home.agenda.map((one) => (one.list === 'School' ? { ...one, list: name } : one)) }
  },
  /** The calendar of one list has the longest name that there is room for anywhere. */
  'long-calendar': () => ({ ...typicalSnapshot(), lists: typicalSnapshot().lists.map((one) => (one.calendar ? { ...one, calendar: 'Everything that has to be done in the house, in the garden and for the whole school' } : one)) }),
  /** Synced, and all is done. */
  none: () => ({ ...signedIn('ready'), last_sync_at: NOW, lists: [list('l1', 'Reminders', { account: ACCOUNT.id, calendar: 'Belfry' })] }),
  'signing-in': () => ({ ...emptySnapshot(), signing_in: { url: 'https://login.example/authorize', code: null } }),
  code: () => ({ ...emptySnapshot(), signing_in: { url: 'https://login.example/devicelogin', code: 'F7KQ2M4XA' } }),
  'sign-in-failed': () => ({ ...emptySnapshot(), sign_in_problem: problem('sign_in_timed_out', 'No answer from the browser', 'Nobody finished the sign-in in the browser.') }),
  'wrong-account': () => ({ ...signedIn('sign_in_needed'), sign_in_problem: problem('wrong_account', 'Another account', `ben@outlook.example signed in, but ${LOGIN} was asked for. Nothing was kept.`) }),
  'signed-in': () => typed(signedIn('no_calendar_access')),
  approval: () => typed(signedIn('waiting_for_approval')),
  'signed-in-ready': () => typed(signedIn('ready')),
  plan: chosen,
  'sign-in-again': () => needs(problem('sign_in_needed', 'Sign in again', `Outlook wants ${LOGIN} to sign in again: the password was changed or its sessions were ended (AADSTS50173, correlation id 6f1c2a9e-0b7d-4c58-8a37-d2f4b1e09c63). Nothing is lost.`), 'sign_in_needed'),
  'approval-needed': () => needs(problem('admin_approval_needed', 'Waiting for approval', `An administrator of ${LOGIN} has to allow Belfry to use calendars. Nothing is lost.`), 'waiting_for_approval'),
  held: () => needs(problem('held', 'Waiting for you', '3 removals in `Reminders` look like an accident, so none of them was done yet.'), 'ready', { r1: 'held', r2: 'held', r4: 'held' }),
  /** More than a window holds, and with long titles. */
  'many-held': () => ({ ...needs(problem('held', 'Waiting for you', '50 removals in `Reminders` look like an accident, so none of them was done yet.')), agenda: Array.from({ length: 50 }, (_, index) => row(`h${index}`, `Ask the insurance about the water damage in the cellar, part ${index + 1}`, '2026-12-01', '09:00', { state: 'held' })) }),
  question: () => needs(problem('first_sync_question', 'New, or removed elsewhere?', 'Outlook already holds reminders of `Reminders` that another computer made, but not one that is here. Nothing was written for them.'), 'ready', { r2: 'held' }),
  shrunk: () => needs(problem('source_shrank', 'A source names much less than before', '`School` named 6 reminders before, and names 1 now. Nothing was removed yet.'), 'ready', { r5: 'held' }),
  settled: () => ({ ...needs(problem('', '', ''), 'ready', { r2: 'conflict' }), attention: null }),
  'calendar-gone': () => needs(problem('calendar_vanished', 'The calendar is gone', `The calendar Belfry of ${LOGIN} is not there any more. Nothing was changed.`)),
  'keychain-locked': () => needs(problem('keychain_locked', 'The keychain is locked', 'The keychain that holds the sign-in is locked. Nothing is lost.'), 'keychain_locked'),
  'clock-wrong': () => needs(problem('clock_wrong', 'The clock is wrong', 'The clock of this computer is off by 42 minutes, so the sign-in cannot be checked.')),
  overdue: () => ({ ...needs(problem('sync_overdue', 'Nothing was synced since yesterday', `The reminders of ${LOGIN} and Outlook were last in agreement on 19 November 2026 at 18:40.`)), last_sync_at: '2026-11-19T17:40:00Z' }),
}
