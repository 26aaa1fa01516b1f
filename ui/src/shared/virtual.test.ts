import { describe, expect, it } from 'vitest'
import { drawn, itemAt, offsets } from './virtual'

describe('what is drawn of a long list', () => {
  const starts = offsets(Array.from({ length: 10_000 }, (_, index) => (index % 5 === 0 ? 40 : 44)))
  it('is what is in view and a little beyond', () => {
    expect(drawn(starts, 0, 700, 5, -1)).toEqual(Array.from({ length: 22 }, (_, index) => index))
    const middle = drawn(starts, 200_000, 700, 5, -1)
    expect(middle.length).toBeLessThan(35)
    expect(starts[middle[5] ?? 0]).toBeLessThanOrEqual(200_000)
  })
  it('has the one with the cursor', () => {
    expect(drawn(starts, 200_000, 700, 5, 3)[0]).toBe(3)
    expect(drawn(starts, 0, 700, 5, 9_999).at(-1)).toBe(9_999)
  })
  it('has an end', () => {
    expect(drawn(starts, 1e9, 700, 5, -1).at(-1)).toBe(9_999)
    expect(drawn(offsets([]), 0, 700, 5, -1)).toEqual([])
    expect(itemAt(offsets([10, 10, 10]), 20)).toBe(2)
  })
})
