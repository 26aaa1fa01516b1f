// The days of a month's grid: whole weeks, from the week's first day.
import type { AgendaRowView } from '../../lib/ipc'
import { addDays, parts } from '../../shared/dates'

/** Of the week in a locale; 0 is Monday. */
export function firstOfWeek(locale: string): number {
  const here = new Intl.Locale(locale) as Intl.Locale & { weekInfo?: { firstDay: number }; getWeekInfo?: () => { firstDay: number } }
  return ((here.getWeekInfo?.() ?? here.weekInfo)?.firstDay ?? 1) % 7 === 0 ? 6 : ((here.getWeekInfo?.() ?? here.weekInfo)?.firstDay ?? 1) - 1
}

export const monthOf = (day: string): string => day.slice(0, 7)

/** Weeks of days that a month is shown in. */
export function weeks(day: string, first: number): string[][] {
  const start = `${monthOf(day)}-01`
  let from = addDays(start, -((parts(start).weekday - first + 7) % 7))
  const all: string[][] = []
  while (all.length === 0 || monthOf(from) === monthOf(day)) {
    all.push(Array.from({ length: 7 }, (_, index) => addDays(from, index)))
    from = addDays(from, 7)
  }
  return all
}

/** The same day of another month, or its last. */
export function monthsOn(day: string, by: number): string {
  const { year, month, day: number } = parts(day)
  const at = year * 12 + month - 1 + by
  const start = `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}-01`
  const same = addDays(start, number - 1)
  return monthOf(same) === monthOf(start) ? same : addDays(`${addDays(start, 31).slice(0, 7)}-01`, -1)
}

export function byDay(rows: readonly AgendaRowView[]): Map<string, AgendaRowView[]> {
  const all = new Map<string, AgendaRowView[]>()
  for (const row of rows) {
    const same = all.get(row.day)
    if (same) same.push(row)
    else all.set(row.day, [row])
  }
  return all
}

/** Where a key leads in the grid. */
export function walked(key: string, day: string, first: number): string | null {
  const place = (parts(day).weekday - first + 7) % 7
  const by: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, Home: -place, End: 6 - place }
  if (key === 'PageUp') return monthsOn(day, -1)
  if (key === 'PageDown') return monthsOn(day, 1)
  return by[key] === undefined ? null : addDays(day, by[key])
}
