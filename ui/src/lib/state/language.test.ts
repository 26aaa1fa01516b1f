import { afterEach, describe, expect, it } from 'vitest'
import { m } from '../words/messages'
import { ago, amount, clock, commas, longDay, listed, span } from '../../shared/dates'
import { leadWords } from '../../features/editor/leads'
import { firstOfWeek } from '../../features/month/grid'
import { formed, language, regional, speak, spoken } from './language.svelte'

/** A day before its month. */
const dayFirst = (tag: string): boolean => /21 November/.test(longDay('2026-11-21', '2026-11-21', tag))

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
  it.each([
    [['pl-PL', 'pl', 'en-US', 'en'], 0, '21:05'], [['sv-SE'], 0, '21:05'], [['nl-NL', 'en-US'], 0, '21:05'], [['pt-BR'], 6, '21:05'],
    [['de-DE', 'en-US'], 0, '21:05'], [['de', 'C'], 0, '21:05'], [['en-GB'], 0, '21:05'], [['en-US', 'pl-PL'], 6, '9:05'], [['C'], 6, '9:05'],
  ])('in English keeps the week and the hours of where the person lives: %j', (all, first, nine) => {
    const place = regional('en', all)
    expect(firstOfWeek(place)).toBe(first)
    const said = clock('21:05', formed(place))
    expect(said.startsWith(nine)).toBe(true)
    expect(/M/i.test(said)).toBe(first === 6 && nine === '9:05')
    expect(dayFirst(formed(place))).toBe(nine !== '9:05')
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
