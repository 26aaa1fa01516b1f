import { describe, expect, it } from 'vitest'
import { inQuotes, pieces } from './quoted'

describe('what the app quotes', () => {
  it('is found in its sentences', () => {
    expect(pieces('3 removals in `Reminders` look like an accident.')).toEqual([
      { quoted: false, text: '3 removals in ' }, { quoted: true, text: 'Reminders' }, { quoted: false, text: ' look like an accident.' },
    ])
    expect(pieces('`a` and `b`').filter((piece) => piece.quoted).map((piece) => piece.text)).toEqual(['a', 'b'])
  })
  it('may hold a backtick itself, and one alone stays', () => {
    expect(inQuotes('`x`y` says no time.')).toBe('“x`y” says no time.')
    expect(inQuotes('It`s five o`clock')).toBe('It`s five o`clock')
    expect(inQuotes('`` is nothing')).toBe('`` is nothing')
    expect(inQuotes('nothing')).toBe('nothing')
    expect(pieces('')).toEqual([])
  })
  it('is put into quotation marks where nothing can stand out', () => {
    expect(inQuotes('Add a time, such as `tomorrow 9am` or `3 March`.')).toBe('Add a time, such as “tomorrow 9am” or “3 March”.')
  })
})
