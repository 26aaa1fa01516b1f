import { describe, expect, it } from 'vitest'
import { largeSnapshot, typicalSnapshot } from '../../lib/ipc/fake'
import { items, placeOf, rowFrom } from './items'

describe('the agenda as one list', () => {
  it('has overdue on top and days as headings', () => {
    const all = items(typicalSnapshot().agenda)
    expect(all.map((item) => (item.kind === 'heading' ? item.day : item.row.id))).toEqual([null, 'r1', '2026-11-21', 'r2', '2026-11-24', 'r3', '2026-11-26', 'r5', '2027-03-03', 'r4'])
  })
  it('is walked from row to row', () => {
    const all = items(typicalSnapshot().agenda)
    expect(rowFrom(all, 1, 1)).toBe(3)
    expect(rowFrom(all, 3, -1)).toBe(1)
    expect(rowFrom(all, 1, -1)).toBe(1)
    expect(rowFrom(all, 9, 1)).toBe(9)
    expect(rowFrom(all, 1, 1000)).toBe(9)
    expect(rowFrom(all, 9, -1000)).toBe(1)
  })
  it('goes on where a row was', () => {
    const before = typicalSnapshot().agenda
    const [first, second, third] = before
    if (!first || !second || !third) throw new Error('no rows')
    expect(placeOf(before, before, second)).toBe(1)
    // Gone, or on another day: the next one. Where nothing follows, the one before.
    expect(placeOf(before.filter((row) => row !== second), before, second)).toBe(1)
    expect(placeOf([first, third, { ...second, day: '2026-12-24' }], before, second)).toBe(1)
    expect(placeOf([first], before, third)).toBe(0)
    expect(placeOf([second], [], third)).toBe(0)
    expect(placeOf([], before, second)).toBe(-1)
  })
  it('names each item once', () => {
    const all = items(largeSnapshot(10_000).agenda)
    expect(new Set(all.map((item) => item.id)).size).toBe(all.length)
  })
})
