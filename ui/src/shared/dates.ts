// Dates, numbers and enumerations for people, in the language of the window. Nothing is computed here that the app has not decided: days come as YYYY-MM-DD.
import { m } from '../lib/words/messages'
import { formatTag } from '../lib/state/language.svelte'

export const asDay = (day: string): Date => new Date(`${day.slice(0, 10)}T00:00:00Z`)
const DAY = 86_400_000

export const addDays = (day: string, by: number): string => new Date(asDay(day).getTime() + by * DAY).toISOString().slice(0, 10)
export const daysBetween = (from: string, to: string): number => Math.round((asDay(to).getTime() - asDay(from).getTime()) / DAY)

/** Of a day; weekday 0 is Monday, months count from 1. */
export function parts(day: string): { year: number; month: number; day: number; weekday: number } {
  const date = asDay(day)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: (date.getUTCDay() + 6) % 7 }
}

/** A formatter costs more than all that it formats. */
const formats = new Map<string, Intl.DateTimeFormat>()
function format(locale: string, options: Intl.DateTimeFormatOptions, date: Date): string {
  const key = JSON.stringify([locale, options])
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
  formats.set(key, known)
  return known.format(date)
}

export function longDay(day: string, today: string, locale = formatTag()): string {
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' as const }
  return format(locale, { weekday: 'long', day: 'numeric', month: 'long', ...year }, asDay(day))
}

/** A day without its weekday. */
function dateOnly(day: string, today: string, month: 'short' | 'long'): string {
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' as const }
  return format(formatTag(), { day: 'numeric', month, ...year }, asDay(day))
}

export const shortDay = (day: string, today: string): string => dateOnly(day, today, 'short')
export const longDate = (day: string, today: string): string => dateOnly(day, today, 'long')

/** As the first words of a line: some languages write days and months small. */
const headed = (words: string, locale: string): string => words.charAt(0).toLocaleUpperCase(locale) + words.slice(1)

export function dayHeading(day: string, today: string, locale = formatTag()): string {
  const apart = daysBetween(today, day)
  if (Math.abs(apart) > 1) return headed(longDay(day, today, locale), locale)
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(apart, 'day')
  return commas([headed(words, locale), longDay(day, today, locale)])
}

export function clock(time: string, locale = formatTag()): string {
  return format(locale, { hour: 'numeric', minute: '2-digit' }, new Date(`2000-01-01T${time.slice(0, 5)}:00Z`))
}

/** A wall time such as `2027-03-03T09:00:00`, or a day, as it is. */
export function wall(start: string, locale = formatTag()): string {
  const day = format(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }, asDay(start))
  return start.length > 10 ? commas([day, clock(start.slice(11), locale)]) : day
}

export const monthName = (day: string, locale = formatTag()): string => headed(format(locale, { month: 'long', year: 'numeric' }, asDay(day)), locale)
export const weekdayName = (day: string, width: 'long' | 'short', locale = formatTag()): string => format(locale, { weekday: width }, asDay(day))

/** An instant in the zone of the person who reads. */
export function instant(at: string, locale = formatTag()): string {
  return format(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }, new Date(at))
}

export function ago(at: string, now: Date, locale = formatTag()): string {
  const minutes = Math.round((new Date(at).getTime() - now.getTime()) / 60_000)
  if (minutes === 0) return m.just_now()
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  if (Math.abs(minutes) < 60) return format.format(minutes, 'minute')
  return Math.abs(minutes) < 2880 ? format.format(Math.round(minutes / 60), 'hour') : format.format(Math.round(minutes / 1440), 'day')
}

export const amount = (count: number, locale = formatTag()): string => new Intl.NumberFormat(locale).format(count)

/** Of a hundred. */
export const percent = (share: number, locale = formatTag()): string => new Intl.NumberFormat(locale, { style: 'percent' }).format(share / 100)

/** A length in one unit: "2 weeks". */
export function span(count: number, unit: 'minute' | 'hour' | 'day' | 'week', locale = formatTag()): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

/** Things of which all are meant: "Title and Date", or with commas only where the language has it so. */
export function listed(all: readonly string[], style: 'long' | 'narrow' = 'narrow', locale = formatTag()): string {
  return new Intl.ListFormat(locale, { type: 'conjunction', style }).format(all)
}

/** What is said one after the other of one thing; what is empty is left out. */
export const commas = (all: readonly string[]): string => all.filter(Boolean).join(m.comma())
