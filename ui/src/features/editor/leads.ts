// Lead times of alarms, in words.
import { m } from '../../lib/words/messages'
import { clock, span } from '../../shared/dates'

const DAY = 1440
/** With the name that a choice has, whatever the count beside it. */
export const UNITS = [['minute', 1, m.unit_minutes], ['hour', 60, m.unit_hours], ['day', DAY, m.unit_days], ['week', 7 * DAY, m.unit_weeks]] as const

/** The longest lead time, in minutes, before the start or after it: ten years, as in `crates/core/src/reminder.rs`. */
export const ALARM_LIMIT = 10 * 366 * DAY

/** What is offered, in minutes before the start, less than none after it: of all-day ones the mornings at nine. */
export const offered = (allDay: boolean): number[] => (allDay ? [900, 480, 2340, 9540, 0, -540] : [0, 5, 10, 15, 30, 60, 120, DAY, 2 * DAY, 7 * DAY, 14 * DAY])

/** How long before or after the start, in the largest unit that holds it whole. */
export function inUnit(minutes: number): [count: number, unit: (typeof UNITS)[number]] {
  const all = Math.abs(minutes)
  const unit = [...UNITS].reverse().find(([, size]) => all > 0 && all % size === 0) ?? UNITS[0]
  return [all / unit[1], unit]
}

/** Of a time of day. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** How many days before a whole day, less than none after it, and at what time of that day. */
export function ofDay(minutes: number): [days: number, time: string] {
  const days = Math.ceil(minutes / DAY) + 0
  const left = days * DAY - minutes
  return [days, `${String(Math.floor(left / 60)).padStart(2, '0')}:${String(left % 60).padStart(2, '0')}`]
}

export function length(minutes: number, locale?: string): string {
  const [count, [unit]] = inUnit(minutes)
  return span(count, unit, locale)
}

export function leadWords(minutes: number, allDay: boolean, locale?: string): string {
  if (!allDay) return minutes === 0 ? m.lead_at_start() : (minutes < 0 ? m.lead_after : m.lead_before)({ span: length(minutes, locale) })
  if (minutes === 0) return m.lead_midnight()
  const [days, at] = ofDay(minutes)
  const time = clock(at, locale)
  if (days === 0) return m.lead_on_day_at({ time })
  if (days < 0) return m.lead_later_at({ span: length(-days * DAY, locale), time })
  return days === 1 ? m.lead_day_before_at({ time }) : m.lead_days_before_at({ span: length(days * DAY, locale), time })
}
