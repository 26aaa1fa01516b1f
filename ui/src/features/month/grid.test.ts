import { describe, expect, it } from 'vitest'
import { firstOfWeek, monthsOn, walked, weeks } from './grid'

describe('the days of a month', () => {
  it('are whole weeks', () => {
    const november = weeks('2026-11-21', 0)
    expect([november[0]?.[0], november.at(-1)?.[6], november.length]).toEqual(['2026-10-26', '2026-12-06', 6])
    expect(weeks('2027-02-10', 0).map((week) => week[0])).toEqual(['2027-02-01', '2027-02-08', '2027-02-15', '2027-02-22'])
    expect(weeks('2026-11-21', 6)[0]?.[0]).toBe('2026-11-01')
  })
  it('begin where the place begins its week', () => {
    expect(firstOfWeek('de-DE')).toBe(0)
    expect(firstOfWeek('en-US')).toBe(6)
  })
  it('are walked by keys', () => {
    expect(walked('ArrowLeft', '2026-11-01', 0)).toBe('2026-10-31')
    expect(walked('ArrowDown', '2026-11-28', 0)).toBe('2026-12-05')
    expect(walked('Home', '2026-11-21', 0)).toBe('2026-11-16')
    expect(walked('End', '2026-11-21', 6)).toBe('2026-11-21')
    expect(walked('PageDown', '2027-01-31', 0)).toBe('2027-02-28')
    expect(walked('x', '2027-01-31', 0)).toBeNull()
    expect(monthsOn('2026-01-15', -1)).toBe('2025-12-15')
  })
})
