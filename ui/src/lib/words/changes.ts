// What a field was and is, as the app keeps it, in the words of the window: `2026-11-21T14:30 Europe/Berlin, 30 min` is a time that people write in another way.
import { leadWords, length } from '../../features/editor/leads'
import { WEEKDAYS } from '../../features/editor/rule'
import { addDays, commas, longDate, wall, weekdayName } from '../../shared/dates'
import type { FieldChangeView } from '../ipc'
import { m } from './messages'
import { SHOW_AS, worded } from './states'

const STAMP = /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?/g
const EVERY = { DAILY: m.repeat_every_day, WEEKLY: m.repeat_every_week, MONTHLY: m.repeat_every_month, YEARLY: m.repeat_every_year }
/** What the words below say of a rule. */
const SAID = ['FREQ', 'INTERVAL', 'BYDAY', 'COUNT', 'UNTIL', 'WKST']

type Counted = typeof m.repeat_times

/** A message that has a field for its number, with the number. */
const counted = (message: Counted, count: number): string => message.parts({ count }).map((part) => (part.type === 'text' ? part.value : part.type === 'markup-standalone' ? String(count) : '')).join('')

/** A rule in words, where its parts are those that people choose; else as it is written. */
function ruleWords(rule: string): string {
  const fields = new Map(rule.split(';').map((part) => [part.split('=')[0] ?? '', part.split('=')[1] ?? '']))
  const every = EVERY[fields.get('FREQ') as keyof typeof EVERY]
  const days = (fields.get('BYDAY') ?? '').split(',').filter(Boolean).map((day) => WEEKDAYS.findIndex((one) => one === day))
  if (!every || days.includes(-1) || [...fields.keys()].some((field) => !SAID.includes(field))) return rule
  const [times, until] = [fields.get('COUNT'), fields.get('UNTIL')]
  const last = until ? `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}` : ''
  return commas([
    counted(every, Number(fields.get('INTERVAL') ?? 1)),
    ...days.map((day) => weekdayName(addDays('2024-01-01', day), 'long')),
    times ? counted(m.repeat_times, Number(times)) : '',
    last && m.repeat_until_day({ day: longDate(last, '') }),
  ])
}

const alarms = (text: string): string => commas(text.split(', ').map((one) => (/^-?\d+ min$/.test(one) ? leadWords(Number.parseInt(one, 10), false) : one)))
const time = (text: string): string => text.replace(STAMP, (stamp) => wall(stamp.replace(' ', 'T'))).replace(/, (\d+) min$/, (_, minutes: string) => (Number(minutes) ? `${m.comma()}${length(Number(minutes))}` : ''))

/** One of several single dates; what was written down before dates were named has their number. */
function dated(text: string): string {
  const [, day, what] = /^(\d{4}-\d\d-\d\d) (left out|changed)$/.exec(text) ?? []
  if (day) return what === 'changed' ? m.value_date_changed({ day: wall(day) }) : m.value_date_left_out({ day: wall(day) })
  const [, count, counted] = /^(\d+) (changed|more)$/.exec(text) ?? []
  if (!count) return text
  return counted === 'more' ? m.value_dates_more({ count }) : m.value_dates_changed({ count })
}

const WORDS: Record<string, (text: string) => string> = {
  time, alarm: alarms, repeat: ruleWords,
  'show as': (text) => SHOW_AS.find(([value]) => value === text)?.[1]() ?? text,
  'single dates': (text) => commas(text.split(', ').map(dated)),
  private: (text) => worded({ yes: m.value_yes, no: m.value_no }, text),
}

export const changeText = (field: string, text: string): string => (text && WORDS[field]?.(text)) || text

/** The app keeps a link as the last line of the notes, as Outlook has it. */
const LINK = /(?:^|\n)Link: (\S+)\s*$/

function ofNotes({ before, after }: FieldChangeView): FieldChangeView[] {
  const [was, is] = [before, after].map((text) => ({ notes: text.replace(LINK, '').trimEnd(), link: LINK.exec(text)?.[1] ?? '' }))
  if (!was || !is) return []
  return [{ field: 'notes', before: was.notes, after: is.notes }, { field: 'link', before: was.link, after: is.link }]
}

/** What is to be seen of changes: a link is no note, and what is said in the same words is no change to a person. */
export function toldChanges(changes: readonly FieldChangeView[]): FieldChangeView[] {
  const told = changes.flatMap((change) => (change.field === 'notes' ? ofNotes(change) : [change]))
  return told.map(({ field, before, after }) => ({ field, before: changeText(field, before), after: changeText(field, after) })).filter(({ before, after }) => before !== after)
}
