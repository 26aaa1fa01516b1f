import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { speak } from '../state/language.svelte'
import { leftWords, reasonWords } from './reasons'

afterEach(() => speak('system'))

describe('why something was done', () => {
  it('is said with the words of the app for every reason that it has', () => {
    const source = readFileSync('../crates/core/src/plan/reason.rs', 'utf8')
    const reasons = [...source.matchAll(/^ {4}([A-Z]\w+) "(.+)",$/gm)].map(([, name, words]) => [name!.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase(), words!])
    expect(reasons.length).toBeGreaterThan(30)
    for (const [code, words] of reasons) expect(reasonWords({ reason: 'x', reason_code: code! })).toBe(words)
  })
  it('is left is said so too', () => {
    const source = readFileSync('../crates/core/src/undo.rs', 'utf8')
    const left = [...source.matchAll(/Self::([A-Z]\w+) => "(.+)",$/gm)].map(([, name, words]) => [name!.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase(), words!])
    expect(left.length).toBe(6)
    for (const [code, words] of left) expect(leftWords({ why: 'x', why_code: code! })).toBe(words)
    speak('fi')
    expect(leftWords({ why: 'it was changed again since', why_code: 'changed_since' })).toBe('sitä muutettiin sen jälkeen uudelleen')
    expect(leftWords({ why: null, why_code: null })).toBe(null)
  })
  it('is said in the language of the window, and as it came where it has no name', () => {
    speak('de')
    expect(reasonWords({ reason: 'edited here', reason_code: 'edited' })).toBe('hier bearbeitet')
    expect(reasonWords({ reason: 'because', reason_code: null })).toBe('because')
    expect(reasonWords({ reason: 'moved to `Home`', reason_code: null })).toBe('moved to “Home”')
    expect(leftWords({ why: 'the list `Home` is gone', why_code: null })).toBe('the list “Home” is gone')
  })
})
