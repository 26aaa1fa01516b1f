// Lead times of alarms, in words.
import { clock } from '../../shared/dates'

const DAY = 1440
export const UNITS = [['minutes', 1], ['hours', 60], ['days', DAY], ['weeks', 7 * DAY]] as const

/** What is offered, in minutes before the start, less than none after it: of all-day ones the mornings at nine. */
export const offered = (allDay: boolean): number[] => (allDay ? [900, 480, 2340, 9540, 0, -540] : [0, 5, 10, 15, 30, 60, 120, DAY, 2 * DAY, 7 * DAY, 14 * DAY])

/** How long before or after the start, in the largest unit that holds it whole. */
export function inUnit(minutes: number): [count: number, unit: (typeof UNITS)[number]] {
  const span = Math.abs(minutes)
  const unit = [...UNITS].reverse().find(([, size]) => span > 0 && span % size === 0) ?? UNITS[0]
  return [span / unit[1], unit]
}

export function length(minutes: number): string {
  const [count, [name]] = inUnit(minutes)
  return `${count} ${count === 1 ? name.slice(0, -1) : name}`
}

export function leadWords(minutes: number, allDay: boolean, locale?: string): string {
  if (!allDay) return minutes === 0 ? 'at the start' : `${length(minutes)} ${minutes < 0 ? 'after' : 'before'}`
  if (minutes === 0) return 'at midnight, as the day begins'
  const days = Math.ceil(minutes / DAY) + 0
  const left = days * DAY - minutes
  const time = clock(`${String(Math.floor(left / 60)).padStart(2, '0')}:${String(left % 60).padStart(2, '0')}`, locale)
  if (days <= 0) return days === 0 ? `on the day at ${time}` : `${length(-days * DAY)} later at ${time}`
  return days === 1 ? `the day before at ${time}` : `${days % 7 === 0 ? length(days * DAY) : `${days} days`} before at ${time}`
}
