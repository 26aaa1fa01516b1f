// Values of the app, in words. What it says and this does not know is shown as it is.
import { m } from './messages'

export type Say = () => string
type Words = Record<string, Say>

export const worded = (words: Words, value: string): string => words[value]?.() ?? value

/** What the state of a reminder means. */
const STATES: Words = {
  local: m.state_local, waiting: m.state_waiting, synced: m.state_synced, conflict: m.state_conflict,
  held: m.state_held, dismissed: m.state_dismissed, detached: m.state_detached, refused: m.state_refused,
}

export const stateWords = (state: string): string => worded(STATES, state)

const EVERY: Words = { day: m.row_repeats_day, week: m.row_repeats_week, month: m.row_repeats_month, year: m.row_repeats_year }

/** How often something comes, for who listens; empty for what comes once. */
export const repeatWords = ({ repeats, every }: { repeats: boolean; every: string | null }): string => (every ? worded(EVERY, every) : repeats ? m.row_repeats() : '')

/** What was done to a reminder. */
const OPS: Words = {
  create: m.op_create, update: m.op_update, delete: m.op_delete, pull: m.op_pull, restore: m.op_restore, keep: m.op_keep, merge: m.op_merge,
  dismiss: m.op_dismiss, adopt: m.op_adopt, relink: m.op_relink, detach: m.op_detach, settle: m.op_settle,
}

const BY_HAND: Words = { create: m.op_added, update: m.op_changed, restore: m.op_wanted, delete: m.op_removed }

/** What was done; by hand it was done here, and not to Outlook. */
export const opWords = (op: string, byHand = false): string => (byHand && BY_HAND[op] ? BY_HAND[op]() : worded(OPS, op))

const DID: Words = {
  put_back: m.did_put_back, made_again: m.did_made_again, made_again_as_typed: m.did_made_again_as_typed, restored: m.did_restored, dismissed: m.did_dismissed, removed: m.did_removed, left: m.did_left,
}

export const didWords = (did: string): string => worded(DID, did)

/** Fields of a reminder that were changed: the app's own words for them are fixed, and stand for them. */
const CHANGED: Words = {
  title: m.changed_title, notes: m.changed_notes, time: m.changed_time, repeat: m.changed_repeat, 'single dates': m.changed_dates, alarm: m.changed_alarm,
  list: m.changed_list, link: m.changed_link, category: m.changed_category, 'show as': m.changed_show_as, private: m.changed_private,
}

export const changedWords = (field: string): string => worded(CHANGED, field)

/** How the time of a reminder looks to others. */
export const SHOW_AS = [
  ['free', m.show_as_free], ['tentative', m.show_as_tentative], ['busy', m.show_as_busy], ['oof', m.show_as_oof], ['working_elsewhere', m.show_as_working_elsewhere],
] as const

export const reminders = (count: number): string => m.reminders({ count })
