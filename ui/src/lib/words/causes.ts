// Why a sign-in ended or was refused. The app says it in English, in a few words within its sentence; those words are fixed, and stand for it.
import { m } from './messages'
import type { Say } from './states'

export const CAUSES: Record<string, Say> = {
  'the password was changed or its sessions were ended': m.cause_password_changed,
  'it was not used for 90 days': m.cause_not_used,
  'this kind of registration signs out every day': m.cause_every_day,
  'the organisation asks for it from time to time': m.cause_time_to_time,
  'the sign-in is no longer valid': m.cause_not_valid,
  'the sign-in took too long': m.cause_too_long,
  'the account behind it has to sign in again': m.cause_account_behind,
  'the password has expired': m.cause_password_expired,
  'the sign-in page has a question': m.cause_page_asks,
  'the password was not accepted': m.cause_password_refused,
  'a second factor is wanted': m.cause_second_factor,
  'a second factor has to be set up': m.cause_second_factor_setup,
  'another proof is wanted': m.cause_another_proof,
  'the permission was not given or was taken back': m.cause_permission_taken_back,
  'only an administrator may give this permission': m.cause_admin_only,
  'the request for approval was sent': m.cause_approval_sent,
  'the app is not assigned to this account': m.cause_not_assigned,
  'the app is switched off in this organisation': m.cause_switched_off,
  'the organisation lacks a service that the app needs': m.cause_service_missing,
  'this device is disabled': m.cause_device_disabled,
  'this device has to be known to the organisation': m.cause_device_unknown,
  'the account is disabled': m.cause_account_disabled,
  'this device has to be managed by the organisation': m.cause_device_unmanaged,
  'the organisation has to approve the app': m.cause_app_unapproved,
  'a rule of conditional access forbids it': m.cause_conditional_access,
  'the sign-in looked risky': m.cause_risky,
  'the security defaults forbid it': m.cause_security_defaults,
  'this kind of device is not supported': m.cause_device_kind,
  'sign-ins to this organisation are restricted': m.cause_restricted,
  'it does not exist in this organisation': m.cause_account_unknown,
  'its organisation was not found': m.cause_organisation_unknown,
  'it lives in another national cloud': m.cause_another_cloud,
  'the answer of the browser was used before or belongs to another sign-in': m.cause_answer_used,
  'the code is not known or has run out': m.cause_code_unknown,
  'it does not accept the sign-in any more': m.cause_not_accepted,
}

/** What is about a sign-in, and may say why. */
const OF_SIGN_IN = ['sign_in_needed', 'sign_in_refused', 'calendar_access_needed', 'admin_approval_needed', 'blocked_by_policy']
/** Microsoft's number for a permission that is missing: the app's sentence about it says no more. */
const NO_CONSENT = 'AADSTS65001'

/** The cause that a sentence of the app gives, as a sentence; nothing where it gives none. */
export function causeWords({ code, detail }: { code: string; detail: string }): string {
  if (!OF_SIGN_IN.includes(code)) return ''
  const said = Object.entries(CAUSES).find(([words]) => detail.includes(words))?.[1] ?? (detail.includes(NO_CONSENT) ? m.cause_permission_taken_back : null)
  return said ? m.cause_is({ why: said() }) : ''
}

/** The number of Microsoft's refusal and its ids, for those who ask Microsoft. */
const NUMBER = / \((AADSTS\d[^)]*)\)/

export const numberOf = (detail: string): string | null => NUMBER.exec(detail)?.[1] ?? null
export const withoutNumber = (detail: string): string => detail.replace(NUMBER, '')
