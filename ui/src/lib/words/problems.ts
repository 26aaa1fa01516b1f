// What went wrong, in the language of the window. The app says it in English; other languages say what its code means, and keep the particulars as they came.
import type { ProblemView } from '../ipc'
import { m } from './messages'
import { language } from '../state/language.svelte'
import { causeWords, numberOf, withoutNumber } from './causes'
import type { ProblemCode } from './problem-codes'
import { inQuotes } from './quoted'
import type { Say } from './states'

type Words = readonly [title: Say, text: Say]

const WORDS: Record<ProblemCode, Words> = {
  no_client_id: [m.problem_no_client_id_title, m.problem_no_client_id_text],
  config_broken: [m.problem_config_broken_title, m.problem_config_broken_text],
  database_unreadable: [m.problem_database_unreadable_title, m.problem_database_unreadable_text],
  database_restored: [m.problem_database_restored_title, m.problem_database_restored_text],
  database_newer: [m.problem_database_newer_title, m.problem_database_newer_text],
  home_unwritable: [m.problem_home_unwritable_title, m.problem_home_unwritable_text],
  keychain_missing: [m.problem_keychain_missing_title, m.problem_keychain_missing_text],
  keychain_locked: [m.problem_keychain_locked_title, m.problem_keychain_locked_text],
  offline: [m.problem_offline_title, m.problem_offline_text],
  throttled: [m.problem_throttled_title, m.problem_throttled_text],
  unexpected_reply: [m.problem_unexpected_reply_title, m.problem_unexpected_reply_text],
  sync_running: [m.problem_sync_running_title, m.problem_sync_running_text],
  sign_in_needed: [m.problem_sign_in_needed_title, m.problem_sign_in_needed_text],
  calendar_access_needed: [m.problem_calendar_access_needed_title, m.problem_calendar_access_needed_text],
  sign_in_cancelled: [m.problem_sign_in_cancelled_title, m.problem_sign_in_cancelled_text],
  sign_in_timed_out: [m.problem_sign_in_timed_out_title, m.problem_sign_in_timed_out_text],
  sign_in_refused: [m.problem_sign_in_refused_title, m.problem_sign_in_refused_text],
  wrong_account: [m.problem_wrong_account_title, m.problem_wrong_account_text],
  admin_approval_needed: [m.problem_admin_approval_needed_title, m.problem_admin_approval_needed_text],
  blocked_by_policy: [m.problem_blocked_by_policy_title, m.problem_blocked_by_policy_text],
  registration_wrong: [m.problem_registration_wrong_title, m.problem_registration_wrong_text],
  port_unavailable: [m.problem_port_unavailable_title, m.problem_port_unavailable_text],
  clock_wrong: [m.problem_clock_wrong_title, m.problem_clock_wrong_text],
  mailbox_unavailable: [m.problem_mailbox_unavailable_title, m.problem_mailbox_unavailable_text],
  held: [m.problem_held_title, m.problem_held_text],
  first_sync_question: [m.problem_first_sync_question_title, m.problem_first_sync_question_text],
  first_plan: [m.problem_first_plan_title, m.problem_first_plan_text],
  clock_jumped: [m.problem_clock_jumped_title, m.problem_clock_jumped_text],
  same_list_question: [m.problem_same_list_question_title, m.problem_same_list_question_text],
  calendar_vanished: [m.problem_calendar_vanished_title, m.problem_calendar_vanished_text],
  calendar_read_only: [m.problem_calendar_read_only_title, m.problem_calendar_read_only_text],
  list_followed: [m.problem_list_followed_title, m.problem_list_followed_text],
  list_elsewhere: [m.problem_list_elsewhere_title, m.problem_list_elsewhere_text],
  event_refused: [m.problem_event_refused_title, m.problem_event_refused_text],
  event_waits: [m.problem_event_waits_title, m.problem_event_waits_text],
  kept_in_parts: [m.problem_kept_in_parts_title, m.problem_kept_in_parts_text],
  set_aside: [m.problem_set_aside_title, m.problem_set_aside_text],
  further_alarms: [m.problem_further_alarms_title, m.problem_further_alarms_text],
  events_stayed: [m.problem_events_stayed_title, m.problem_events_stayed_text],
  dates_only: [m.problem_dates_only_title, m.problem_dates_only_text],
  newer_marker: [m.problem_newer_marker_title, m.problem_newer_marker_text],
  unknown_list: [m.problem_unknown_list_title, m.problem_unknown_list_text],
  copy_left_alone: [m.problem_copy_left_alone_title, m.problem_copy_left_alone_text],
  sync_overdue: [m.problem_sync_overdue_title, m.problem_sync_overdue_text],
  event_detached: [m.problem_event_detached_title, m.problem_event_detached_text],
  list_leaving: [m.problem_list_leaving_title, m.problem_list_leaving_text],
  unknown_name: [m.problem_unknown_name_title, m.problem_unknown_name_text],
  ambiguous_name: [m.problem_ambiguous_name_title, m.problem_ambiguous_name_text],
  bad_input: [m.problem_bad_input_title, m.problem_bad_input_text],
  start_at_login: [m.problem_start_at_login_title, m.problem_start_at_login_text],
  file_unreadable: [m.problem_file_unreadable_title, m.problem_file_unreadable_text],
  file_malformed: [m.problem_file_malformed_title, m.problem_file_malformed_text],
  source_unread: [m.problem_source_unread_title, m.problem_source_unread_text],
  left_over: [m.problem_left_over_title, m.problem_left_over_text],
  source_shrank: [m.problem_source_shrank_title, m.problem_source_shrank_text],
  items_quarantined: [m.problem_items_quarantined_title, m.problem_items_quarantined_text],
  properties_left_out: [m.problem_properties_left_out_title, m.problem_properties_left_out_text],
  also_in_other: [m.problem_also_in_other_title, m.problem_also_in_other_text],
  practice_unavailable: [m.problem_practice_unavailable_title, m.problem_practice_unavailable_text],
  internal: [m.problem_internal_title, m.problem_internal_text],
}

/** A problem as it is shown: `detail` is what is for those who want to know more: what was said in English where the words are not, and Microsoft's number. */
export interface Said {
  title: string
  text: string
  detail: string | null
}

const known = (code: string): code is ProblemCode => code in WORDS

/** What went wrong and what to do. What is to be done in a terminal is left out: the window has buttons. */
function sentences({ detail, action }: { detail: string; action: string }): string {
  const here = action.split(/(?<=[.;]) /).filter((sentence) => !sentence.includes('`belfry '))
  // A half sentence whose other half is left out ends here.
  return [detail, ...here].filter(Boolean).join(' ').replace(/;$/, '.')
}

/** `acts` is false where a button beside it does what the action says. `login` is the account that it is about: only English sentences name it themselves. */
export function said(problem: ProblemView, acts = true, login = ''): Said {
  const { code, title, detail, action } = problem
  if (language() === 'en' || !known(code)) return { title: inQuotes(title), text: sentences({ detail: withoutNumber(detail), action: acts ? action : '' }), detail: numberOf(detail) }
  const [words, text] = WORDS[code]
  const cause = causeWords(problem)
  // Where account and cause are said the English sentence says no more.
  const isAllSaid = cause !== '' && (login !== '' || !detail.includes('@'))
  return { title: words(), text: [login && m.field_is({ field: login }), text(), cause].filter(Boolean).join(' '), detail: isAllSaid ? numberOf(detail) : detail }
}
