// The next dates of simple rules, so that the editor can be tried without the app.
import { addDays, asDay, parts } from '../../../shared/dates'
import { readRule, WEEKDAYS } from '../../../features/editor/rule'

/** Days of a rule from its first on, at most `limit`. What it does not know has none. */
export function days(rule: string, first: string, limit: number): string[] {
  const choice = readRule(rule, first)
  if (choice.every === 'custom' || choice.every === 'none') return []
  const most = choice.end === 'count' ? Math.min(limit, choice.count) : limit
  const found: string[] = []
  for (let step = 0; step < 4000 && found.length < most; step += 1) {
    const day = addDays(first, step)
    if (choice.end === 'until' && day > choice.until) break
    if (is(choice, first, day)) found.push(day)
  }
  return found
}

function is(choice: ReturnType<typeof readRule>, first: string, day: string): boolean {
  const [from, now] = [parts(first), parts(day)]
  const apart = Math.round((asDay(day).getTime() - asDay(first).getTime()) / 86_400_000)
  const months = (now.year - from.year) * 12 + now.month - from.month
  switch (choice.every) {
    case 'day':
      return apart % choice.interval === 0
    case 'week':
      return choice.days.includes(WEEKDAYS[now.weekday] ?? 'MO') && Math.floor((apart + from.weekday) / 7) % choice.interval === 0
    case 'month':
      if (months % choice.interval !== 0) return false
      if (choice.on === 'last') return parts(addDays(day, 1)).day === 1
      if (choice.on === 'nth') return now.weekday === from.weekday && Math.ceil(now.day / 7) === Math.ceil(from.day / 7)
      return now.day === from.day
    default:
      return (now.year - from.year) % choice.interval === 0 && now.month === from.month && now.day === from.day
  }
}
