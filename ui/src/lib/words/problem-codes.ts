// The codes that the app has for what can be wrong, as in `crates/core/src/problem.rs`; a test compares them.
export const PROBLEM_CODES = [
  'no_client_id', 'config_broken', 'database_unreadable', 'database_restored', 'database_newer', 'home_unwritable', 'keychain_missing',
  'keychain_locked', 'offline', 'throttled', 'unexpected_reply', 'sync_running', 'sign_in_needed', 'calendar_access_needed', 'sign_in_cancelled',
  'sign_in_timed_out', 'sign_in_refused', 'wrong_account', 'admin_approval_needed', 'blocked_by_policy', 'registration_wrong', 'port_unavailable',
  'clock_wrong', 'mailbox_unavailable', 'held', 'first_sync_question', 'first_plan', 'clock_jumped', 'same_list_question', 'calendar_vanished',
  'calendar_read_only', 'list_followed', 'list_elsewhere', 'event_refused', 'event_waits', 'kept_in_parts', 'set_aside', 'further_alarms',
  'events_stayed', 'dates_only', 'newer_marker', 'unknown_list', 'copy_left_alone', 'sync_overdue', 'event_detached', 'list_leaving', 'unknown_name',
  'ambiguous_name', 'bad_input', 'start_at_login', 'file_unreadable', 'file_malformed', 'source_unread', 'left_over', 'source_shrank', 'items_quarantined',
  'properties_left_out', 'also_in_other', 'practice_unavailable', 'internal',
] as const

export type ProblemCode = (typeof PROBLEM_CODES)[number]
