import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { speak } from '../state/language.svelte'
import { reasonWords } from './reasons'

afterEach(() => speak('system'))

describe('why something was done', () => {
  it('is said with the words of the app for every reason that it has', () => {
    const source = readFileSync('../crates/core/src/plan/reason.rs', 'utf8')
    const reasons = [...source.matchAll(/^ {4}([A-Z]\w+) "(.+)",$/gm)].map(([, name, words]) => [name!.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase(), words!])
    expect(reasons.length).toBeGreaterThan(30)
    for (const [code, words] of reasons) expect(reasonWords({ reason: 'x', reason_code: code! })).toBe(words)
  })
  it('is said in the language of the window, and as it came where it has no name', () => {
    speak('de')
    expect(reasonWords({ reason: 'edited here', reason_code: 'edited' })).toBe('hier bearbeitet')
    expect(reasonWords({ reason: 'because', reason_code: null })).toBe('because')
  })
})
