import { describe, expect, it } from 'vitest'
import { ago, clock, dayHeading } from './dates'

describe('dates for people', () => {
  it('names the days around today', () => {
    expect(dayHeading('2026-11-21', '2026-11-21', 'en')).toBe('Today, Saturday, November 21')
    expect(dayHeading('2026-11-22', '2026-11-21', 'en')).toBe('Tomorrow, Sunday, November 22')
    expect(dayHeading('2026-11-25', '2026-11-21', 'en')).toBe('Wednesday, November 25')
    expect(dayHeading('2027-03-03', '2026-11-21', 'en')).toBe('Wednesday, March 3, 2027')
  })
  it('shows the clock as the place does', () => {
    expect(clock('19:30', 'de')).toBe('19:30')
    expect(clock('19:30', 'en-US').replace(/\s/g, ' ')).toBe('7:30 PM')
  })
  it('says how long ago', () => {
    const now = new Date('2026-11-21T12:00:00Z')
    expect(ago('2026-11-21T11:59:45Z', now, 'en')).toBe('just now')
    expect(ago('2026-11-21T11:58:00Z', now, 'en')).toBe('2 minutes ago')
    expect(ago('2026-11-20T12:00:00Z', now, 'en')).toBe('24 hours ago')
  })
})
