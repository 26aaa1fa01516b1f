import { describe, expect, it } from 'vitest'
import { isolated } from './isolated'
import { m } from './messages'
import { inQuotes } from './quoted'

describe('what others wrote', () => {
  it('stays as it is where it can turn nothing around', () => {
    for (const text of ['Tea at 9', 'Kahvia äidille', '歯医者 10時', 'Oil 🛢️ change', '']) expect(isolated(text)).toBe(text)
  })
  it('is in a direction of its own where it is written from right to left, or holds marks', () => {
    expect(isolated('חלב')).toBe('\u2068חלב\u2069')
    expect(isolated('bill\u202efdp.exe')).toBe('\u2068bill\u202efdp.exe\u2069')
    expect(isolated('\u200fa')).toBe('\u2068\u200fa\u2069')
  })
  it('ends nothing that it did not begin, and leaves nothing open', () => {
    expect(isolated('a\u2069\u202eb')).toBe('\u2068a\u202eb\u2069')
    expect(isolated('a\u2067\u2066b')).toBe('\u2068a\u2067\u2066b\u2069\u2069\u2069')
    expect(isolated('a\u2067b\u2069\u2069c')).toBe('\u2068a\u2067b\u2069c\u2069')
    expect(isolated('a\u2029\u202eb')).toBe('\u2068a \u202eb\u2069')
  })
  it('is so in every message, and in what the app quotes', () => {
    expect(m.said_done({ title: 'x\u202ey' })).toBe('\u2068x\u202ey\u2069: done')
    expect(m.keep_where.parts({ list: '\u202ex' }).some((part) => part.type === 'text' && part.value === '\u2068\u202ex\u2069')).toBe(true)
    expect(inQuotes('the list `\u202ex` is gone')).toBe('the list “\u2068\u202ex\u2069” is gone')
    expect(inQuotes('“\u202ex” is left alone')).toBe('\u2068“\u2068\u202ex\u2069” is left alone\u2069')
  })
})
