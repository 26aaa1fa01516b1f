import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { speak } from '../state/language.svelte'
import { PROBLEM_CODES } from './problem-codes'
import { said } from './problems'

afterEach(() => speak('system'))

const problem = { code: 'offline', title: 'No connection', detail: 'Outlook cannot be reached: timed out.', action: 'Check the network; run `belfry sync`.' }

describe('what is wrong', () => {
  it('has words for every code of the app', () => {
    const source = readFileSync('../crates/core/src/problem.rs', 'utf8')
    const codes = [...source.matchAll(/^ {4}[A-Z]\w+ "([a-z_]+)" \w+,$/gm)].map((found) => found[1])
    expect([...PROBLEM_CODES].sort()).toEqual(codes.sort())
  })
  it('is said in English as the app says it, without what is for a terminal', () => {
    expect(said(problem)).toEqual({ title: 'No connection', text: 'Outlook cannot be reached: timed out. Check the network.', detail: null })
    expect(said(problem, false).text).toBe('Outlook cannot be reached: timed out.')
  })
  it('is said in another language by its code, with what the app said beside it', () => {
    speak('de')
    expect(said(problem)).toMatchObject({ title: 'Keine Verbindung', detail: problem.detail })
    expect(said(problem).text).toContain('nichts ist verloren')
    expect(said({ ...problem, code: 'new_one' })).toMatchObject({ title: 'No connection', detail: null })
  })
})
