// A repeat rule as a choice that a person can make, and back. What no choice says stays as it was written.
import { parts } from '../../shared/dates'

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Weekday = (typeof WEEKDAYS)[number]

export interface Choice {
  every: 'none' | 'day' | 'week' | 'month' | 'year' | 'custom'
  interval: number
  /** Of a weekly one. */
  days: Weekday[]
  /** Of a monthly one: on the day of the start, on its weekday (the second Tuesday), or on the last day. */
  on: 'day' | 'nth' | 'last'
  end: 'never' | 'count' | 'until'
  count: number
  until: string
  /** As it is written. */
  raw: string
}

const FREQUENCIES = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' } as const

const isWeekday = (text: string): text is Weekday => (WEEKDAYS as readonly string[]).includes(text)
const weekday = (day: string): Weekday => WEEKDAYS[parts(day).weekday] ?? 'MO'

/** Which of its weekday in its month a day is; the fifth is the last. */
export function nth(day: string): number {
  const place = Math.ceil(parts(day).day / 7)
  return place === 5 ? -1 : place
}

export function plain(start: string): Choice {
  return { every: 'none', interval: 1, days: [weekday(start)], on: 'day', end: 'never', count: 10, until: `${Number(start.slice(0, 4)) + 1}${start.slice(4, 10)}`, raw: '' }
}

/** Reads a rule of a reminder that starts on a day. */
export function readRule(rule: string | null, start: string): Choice {
  const choice = plain(start)
  if (!rule) return choice
  const fields = new Map(rule.split(';').map((part) => [part.split('=')[0] ?? '', part.split('=')[1] ?? '']))
  const custom: Choice = { ...choice, every: 'custom', raw: rule }
  const frequency = FREQUENCIES[fields.get('FREQ') as keyof typeof FREQUENCIES]
  if (!frequency) return custom
  Object.assign(choice, { every: frequency, raw: rule, interval: Number(fields.get('INTERVAL') ?? 1) })
  if (fields.has('COUNT')) Object.assign(choice, { end: 'count', count: Number(fields.get('COUNT')) })
  const until = fields.get('UNTIL')
  if (until) Object.assign(choice, { end: 'until', until: `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}` })
  return takesParts(choice, fields, start) ? choice : custom
}

/** Takes over what the frequency has parts of; false when no choice says it. */
function takesParts(choice: Choice, fields: Map<string, string>, start: string): boolean {
  const left = new Set(fields.keys())
  for (const known of ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST']) left.delete(known)
  const [byDay, byMonthDay, byMonth] = [fields.get('BYDAY'), fields.get('BYMONTHDAY'), fields.get('BYMONTH')]
  const day = parts(start)
  if (choice.every === 'week' && byDay) {
    const days = byDay.split(',')
    if (!days.every(isWeekday)) return false
    choice.days = WEEKDAYS.filter((one) => days.includes(one))
    left.delete('BYDAY')
  }
  if (choice.every === 'month' && byDay === `${nth(start)}${weekday(start)}`) {
    choice.on = 'nth'
    left.delete('BYDAY')
  }
  if (choice.every === 'month' && byMonthDay === '-1') choice.on = 'last'
  if (choice.every === 'month' && (byMonthDay === '-1' || byMonthDay === String(day.day))) left.delete('BYMONTHDAY')
  if (choice.every === 'year') {
    if (byMonthDay === String(day.day)) left.delete('BYMONTHDAY')
    if (byMonth === String(day.month)) left.delete('BYMONTH')
  }
  return left.size === 0
}

/** Writes a choice as a rule; empty is none. */
export function writeRule(choice: Choice, start: string, allDay: boolean): string {
  if (choice.every === 'none') return ''
  if (choice.every === 'custom') return choice.raw.trim().replace(/^RRULE:/i, '')
  const frequency = Object.entries(FREQUENCIES).find(([, every]) => every === choice.every)?.[0] ?? 'DAILY'
  const rule = [`FREQ=${frequency}`]
  if (choice.interval > 1) rule.push(`INTERVAL=${choice.interval}`)
  if (choice.end === 'count') rule.push(`COUNT=${choice.count}`)
  // To the end of that day, on the wall that the start is on.
  if (choice.end === 'until') rule.push(`UNTIL=${choice.until.replaceAll('-', '')}${allDay ? '' : 'T235959'}`)
  if (choice.every === 'week') rule.push(`BYDAY=${(choice.days.length ? choice.days : [weekday(start)]).join(',')}`)
  if (choice.every === 'month' && choice.on === 'nth') rule.push(`BYDAY=${nth(start)}${weekday(start)}`)
  if (choice.every === 'month' && choice.on === 'last') rule.push('BYMONTHDAY=-1')
  return rule.join(';')
}
