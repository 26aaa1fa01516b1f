import { afterEach, expect, it } from 'vitest'
import { speak } from '../state/language.svelte'
import { changeText, toldChanges } from './changes'

afterEach(() => speak('system'))

it('says what was changed as people do, and the rest as it came', () => {
  expect(changeText('time', '2026-11-21T14:30 Europe/Berlin, 30 min').replace(/\s/g, ' ')).toBe('Sat, Nov 21, 2026, 2:30 PM Europe/Berlin, 30 minutes')
  expect(changeText('time', '2026-11-21')).toBe('Sat, Nov 21, 2026')
  expect([changeText('alarm', '15 min'), changeText('show as', 'busy'), changeText('title', '2026-11-21')]).toEqual(['15 minutes before', 'Busy', '2026-11-21'])
})

it('says rules, alarms, dates and yes and no in words, in the language of the window', () => {
  const said = (...values: [string, string][]) => values.map(([field, text]) => changeText(field, text).replace(/\s/g, ' '))
  const all: [string, string][] = [['alarm', '15 min, 1440 min'], ['repeat', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10'], ['single dates', '2026-12-14 left out, 2026-12-21 changed, 3 more'], ['private', 'yes'], ['repeat', 'FREQ=YEARLY;BYEASTER=0']]
  expect(said(...all)).toEqual(['15 minutes before, 1 day before', 'every 2 weeks, Monday, Friday, 10 times', 'Mon, Dec 14, 2026 left out, Mon, Dec 21, 2026 changed, 3 more', 'yes', 'FREQ=YEARLY;BYEASTER=0'])
  speak('de')
  expect(said(...all).slice(0, 4)).toEqual(['15 Minuten vorher, 1 Tag vorher', 'alle 2 Wochen, Montag, Freitag, 10 Mal', 'Mo., 14. Dez. 2026 ausgelassen, Mo., 21. Dez. 2026 geändert, 3 weitere', 'ja'])
  expect(said(['time', '2026-11-21T14:30 Europe/Berlin, 30 min'], ['time', '2026-11-21'], ['alarm', ''], ['list', '3 changed'], ['single dates', '3 changed'])).toEqual(['Sa., 21. Nov. 2026, 14:30 Europe/Berlin, 30 Minuten', 'Sa., 21. Nov. 2026', '', '3 changed', '3 geändert'])
})

it('says the last day of a rule as one says it', () => {
  expect(changeText('repeat', 'FREQ=WEEKLY;BYDAY=FR;UNTIL=20261127T235959')).toBe('every 1 week, Friday, until November 27, 2026')
})

it('tells a link from notes, and leaves out what is the same in words', () => {
  const notes = (before: string, after: string) => toldChanges([{ field: 'notes', before, after }])
  expect(notes('Bring both\nLink: https://a.example', 'Bring both\nLink: https://b.example')).toEqual([{ field: 'link', before: 'https://a.example', after: 'https://b.example' }])
  expect(notes('', 'Link: https://b.example')).toEqual([{ field: 'link', before: '', after: 'https://b.example' }])
  expect(notes('One', 'Two\nLink: https://b.example').map((change) => change.field)).toEqual(['notes', 'link'])
  expect(notes('Link: none yet, ask', 'Two').map((change) => change.field)).toEqual(['notes'])
  expect(toldChanges([{ field: 'repeat', before: 'FREQ=DAILY;UNTIL=20261222T100000Z', after: 'FREQ=DAILY;UNTIL=20261222T090000Z' }])).toEqual([])
})
