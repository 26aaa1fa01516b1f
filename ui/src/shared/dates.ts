// Dates for people. Nothing is computed here that the app has not decided: days come as YYYY-MM-DD.

const asDate = (day: string): Date => new Date(`${day}T00:00:00Z`)

export function dayHeading(day: string, today: string, locale?: string): string {
  const apart = Math.round((asDate(day).getTime() - asDate(today).getTime()) / 86_400_000)
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(apart, 'day')
  const full = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', ...(day.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' as const }), timeZone: 'UTC' }).format(asDate(day))
  return Math.abs(apart) <= 1 ? `${words.charAt(0).toUpperCase()}${words.slice(1)}, ${full}` : full
}

export function clock(time: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(new Date(`2000-01-01T${time}:00Z`))
}

export function ago(at: string, now: Date, locale?: string): string {
  const minutes = Math.round((new Date(at).getTime() - now.getTime()) / 60_000)
  if (minutes === 0) return 'just now'
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  if (Math.abs(minutes) < 60) return format.format(minutes, 'minute')
  return Math.abs(minutes) < 2880 ? format.format(Math.round(minutes / 60), 'hour') : format.format(Math.round(minutes / 1440), 'day')
}
