import type { AccountView } from '../../lib/ipc'
import { m } from '../../lib/words/messages'
import { worded } from '../../lib/words/states'

const STATES = {
  ready: m.account_ready, no_calendar_access: m.account_no_calendar_access, waiting_for_approval: m.account_waiting_for_approval,
  sign_in_needed: m.account_sign_in_needed, blocked: m.account_blocked, keychain_locked: m.account_keychain_locked, paused: m.account_paused,
}

/** Kind, organisation and state. The organisation is named where it was asked for, or where the login alone does not tell it. */
export function accountLine({ id, kind, login, tenant, state }: AccountView, others: readonly AccountView[], isWhole = false): string {
  const words = { kind: kind === 'work' ? m.account_work() : m.account_personal(), state: worded(STATES, state) }
  const isNamed = (isWhole && kind === 'work') || others.some((one) => one.id !== id && one.login === login)
  return isNamed ? m.account_line_tenant({ ...words, tenant }) : m.account_line(words)
}
