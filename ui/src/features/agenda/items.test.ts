import { describe, expect, it } from 'vitest'
import { largeSnapshot, typicalSnapshot } from '../../lib/ipc/fake'
import { items, rowFrom } from './items'

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
  it('names each item once', () => {
    const all = items(largeSnapshot(10_000).agenda)
    expect(new Set(all.map((item) => item.id)).size).toBe(all.length)
  })
})
