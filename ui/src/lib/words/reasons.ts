// Why something was done, or is to be. The app names most reasons; the others it says in English.
import { m } from './messages'
import { inQuotes } from './quoted'
import type { Say } from './states'

const REASONS: Record<string, Say> = {
  new: m.reason_new, edited: m.reason_edited, done: m.reason_done, not_done: m.reason_not_done, imported: m.reason_imported,
  source_changed: m.reason_source_changed, edited_in_outlook: m.reason_edited_in_outlook, edited_on_both: m.reason_edited_on_both,
  edited_after_removal: m.reason_edited_after_removal, outlives_series: m.reason_outlives_series,
  removed_here: m.reason_removed_here, left_source: m.reason_left_source,
  left_over: m.reason_left_over, removed_in_outlook: m.reason_removed_in_outlook, made_again: m.reason_made_again, moved: m.reason_moved,
  another_computer: m.reason_another_computer, seen_again: m.reason_seen_again, split_off: m.reason_split_off, recovered: m.reason_recovered,
  duplicate: m.reason_duplicate, same_on_both: m.reason_same_on_both, became_meeting: m.reason_became_meeting, marker_lost: m.reason_marker_lost,
  moved_away: m.reason_moved_away, gone_on_both: m.reason_gone_on_both, outlook_cannot_hold: m.reason_outlook_cannot_hold,
  in_parts: m.reason_in_parts, date_gone: m.reason_date_gone, list_leaves: m.reason_list_leaves, new_or_removed: m.reason_new_or_removed,
  said_removed: m.reason_said_removed, said_new: m.reason_said_new, wanted_again: m.reason_wanted_again, undone: m.reason_undone,
}

/** Why something is not taken back. */
const LEFT: Record<string, Say> = {
  bookkeeping: m.left_bookkeeping, changed_since: m.left_changed_since, gone: m.left_gone, already_so: m.left_already_so, from_source: m.left_from_source, list_left: m.left_list_left,
}

export const leftWords = ({ why, why_code: code }: { why: string | null; why_code: string | null }): string | null => LEFT[code ?? '']?.() ?? (why === null ? null : inQuotes(why))

export const reasonWords = ({ reason, reason_code: code }: { reason: string; reason_code: string | null }): string => REASONS[code ?? '']?.() ?? inQuotes(reason)
