import { afterEach, describe, expect, it } from 'vitest'
import { m } from '../words/messages'
import { ago, amount, commas, listed, span } from '../../shared/dates'
import { leadWords } from '../../features/editor/leads'
import { language, regional, speak, spoken } from './language.svelte'

afterEach(() => speak('system'))

describe('the language', () => {
  it('is the first of the system’s that the window speaks, else English', () => {
    expect(spoken(['it-IT', 'de-AT', 'fr'])).toBe('de')
    expect(spoken(['ja-JP-u-ca-japanese'])).toBe('ja')
    for (const unknown of [[], ['C'], ['POSIX'], ['C.UTF-8'], ['zh-CN'], ['']]) expect(spoken(unknown)).toBe('en')
  })
  it('forms dates as the person’s own region does', () => {
    expect(regional('de', ['en-US', 'de-AT', 'de'])).toBe('de-AT')
    expect(regional('fi', ['en-US'])).toBe('fi')
  })
  it('is spoken at once', () => {
    expect([language(), m.cancel(), document.documentElement.lang]).toEqual(['en', 'Cancel', 'en'])
    speak('ja')
    expect([language(), m.cancel(), document.documentElement.lang]).toEqual(['ja', 'キャンセル', 'ja'])
    speak('system')
    expect(m.cancel()).toBe('Cancel')
  })
  it('has its own plurals, numbers and times', () => {
    expect([m.reminders({ count: 1 }), m.reminders({ count: 10_000 })]).toEqual(['1 reminder', '10,000 reminders'])
    speak('de')
    expect([m.reminders({ count: 1 }), m.reminders({ count: 10_000 }), amount(1500)]).toEqual(['1 Erinnerung', '10.000 Erinnerungen', '1.500'])
    expect([leadWords(15, false), leadWords(900, true), leadWords(-30, false)]).toEqual(['15 Minuten vorher', 'am Vortag um 9:00', '30 Minuten danach'])
    expect([span(2, 'week'), listed(['A', 'B', 'C']), ago('2026-11-21T11:58:00Z', new Date('2026-11-21T12:00:00Z'))]).toEqual(['2 Wochen', 'A, B und C', 'vor 2 Minuten'])
    speak('fr')
    expect([m.reminders({ count: 0 }), m.reminders({ count: 2 })]).toEqual(['0 rappel', '2 rappels'])
    speak('ja')
    expect([m.reminders({ count: 1 }), commas(['A', '', 'B'])]).toEqual(['1 件のリマインダー', 'A、B'])
  })
})
