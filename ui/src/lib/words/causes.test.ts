import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { speak } from '../state/language.svelte'
import { CAUSES, causeWords } from './causes'
import { said } from './problems'

afterEach(() => speak('system'))

const revoked = {
  code: 'sign_in_needed', title: 'Sign in again', action: 'Run `belfry account reauthorize ada@contoso.example`.',
  detail: 'Outlook wants ada@contoso.example to sign in again: the password was changed or its sessions were ended (AADSTS50173, correlation id 1-2). Nothing is lost.',
}

describe('why a sign-in ended', () => {
  it('has words for everything that the app can say of it', () => {
    const source = readFileSync('../crates/identity/src/codes.rs', 'utf8')
    const causes = [...source.matchAll(/\], (?:SignIn|StepUp|Consent|Admin|Policy|Account|Restart), "(.+)"\)/g)].map(([, words]) => words!)
    expect(causes.length).toBeGreaterThan(30)
    const outlook = /sign_in_again\(login, Some\("(.+)"\)\)/.exec(readFileSync('../crates/sync/src/error.rs', 'utf8'))?.[1]
    expect(Object.keys(CAUSES).sort()).toEqual([...new Set([...causes, outlook])].sort())
    for (const [words, say] of Object.entries(CAUSES)) expect(say()).toBe(words)
  })
  it('is said in the language of the window, with the account, and the number for those who ask', () => {
    expect(said(revoked)).toMatchObject({
      text: 'Outlook wants ada@contoso.example to sign in again: the password was changed or its sessions were ended. Nothing is lost.', detail: 'AADSTS50173, correlation id 1-2',
    })
    speak('de')
    const german = said(revoked, true, 'ada@contoso.example')
    expect(german.text).toMatch(/^ada@contoso\.example: Outlook .* Grund: Das Kennwort wurde geändert, oder seine Sitzungen wurden beendet\.$/)
    expect(german.text).not.toMatch(/AADSTS|password/)
    expect(german.detail).toBe('AADSTS50173, correlation id 1-2')
    // Without the account the English sentence still says more.
    expect(said(revoked).detail).toBe(revoked.detail)
  })
  it('is nothing where the app does not say it, or where it is about something else', () => {
    expect(causeWords({ ...revoked, detail: 'Outlook wants ada@contoso.example to sign in again. Nothing is lost.' })).toBe('')
    expect(causeWords({ ...revoked, code: 'offline' })).toBe('')
    expect(causeWords({ code: 'calendar_access_needed', detail: 'ada@contoso.example has not allowed Belfry to use this calendar (AADSTS65001).' })).toBe('Reason: the permission was not given or was taken back.')
  })
})
