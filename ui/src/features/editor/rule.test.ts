import { describe, expect, it } from 'vitest'
import { plain, readRule, writeRule } from './rule'

describe('a repeat rule as a choice', () => {
  it('comes back as it was read', () => {
    for (const [start, rule, again] of [
      ['2026-11-24', 'FREQ=DAILY;INTERVAL=3'],
      ['2026-11-24', 'FREQ=WEEKLY;BYDAY=TU,TH'],
      ['2026-11-24', 'FREQ=WEEKLY;COUNT=6', 'FREQ=WEEKLY;COUNT=6;BYDAY=TU'],
      ['2026-11-24', 'FREQ=MONTHLY;BYDAY=4TU'],
      ['2026-12-29', 'FREQ=MONTHLY;BYDAY=-1TU'],
      ['2026-11-30', 'FREQ=MONTHLY;BYMONTHDAY=-1'],
      ['2026-11-24', 'FREQ=MONTHLY;BYMONTHDAY=24', 'FREQ=MONTHLY'],
      ['2026-11-24', 'FREQ=YEARLY;UNTIL=20300101'],
      ['2026-11-24', 'FREQ=YEARLY;BYMONTHDAY=24;BYMONTH=11', 'FREQ=YEARLY'],
    ] as const) {
      const choice = readRule(rule, start)
      expect(choice.every, rule).not.toBe('custom')
      expect(writeRule(choice, start, true)).toBe(again ?? rule)
    }
  })
  it('leaves alone what no choice says', () => {
    for (const rule of ['FREQ=MONTHLY;BYDAY=2WE', 'FREQ=WEEKLY;BYDAY=2TU', 'FREQ=MONTHLY;BYMONTHDAY=1,15', 'FREQ=HOURLY', 'FREQ=YEARLY;BYDAY=1MO;BYMONTH=9', 'FREQ=MONTHLY;BYSETPOS=1;BYDAY=MO']) {
      const choice = readRule(rule, '2026-11-24')
      expect(choice.every, rule).toBe('custom')
      expect(writeRule(choice, '2026-11-24', true)).toBe(rule)
    }
  })
  it('ends at the end of a day on the wall', () => {
    expect(writeRule({ ...plain('2026-11-24'), every: 'day', end: 'until', until: '2026-12-31' }, '2026-11-24', false)).toBe('FREQ=DAILY;UNTIL=20261231T235959')
  })
  it('has a day of the week even when all are taken off', () => {
    expect(writeRule({ ...plain('2026-11-24'), every: 'week', days: [] }, '2026-11-24', true)).toBe('FREQ=WEEKLY;BYDAY=TU')
  })
})
