// A little of what the app understands, for design and tests.
import type { ChipView, WordsView } from '../door'
import { addDays } from '../../../shared/dates'
import { TODAY } from './data'

const PARTS: [kind: string, pattern: RegExp][] = [
  ['date', /\b(tomorrow|today|\d{4}-\d\d-\d\d|\d{1,2}\/\d{1,2})\b/i],
  ['time', /\b\d{1,2}:\d{2}\b/],
  ['repeat', /\bevery (day|week|month|year)\b/i],
  ['alarm', /\b\d+ (minutes?|hours?|days?|weeks?) before\b/i],
  ['list', /#\p{L}+/u],
]

function day(words: string): string {
  if (/^\d{4}-/.test(words)) return words
  const [first = '', second = ''] = words.split('/')
  if (second) return `2027-${second.padStart(2, '0')}-${first.padStart(2, '0')}`
  return words.toLowerCase() === 'tomorrow' ? addDays(TODAY, 1) : TODAY
}

export function understand(text: string): WordsView & { list: string | null; repeats: boolean } {
  const chips: ChipView[] = []
  for (const [kind, pattern] of PARTS) {
    const found = pattern.exec(text)
    if (!found) continue
    const slash = /^(\d{1,2})\/(\d{1,2})$/.exec(found[0])
    const other = slash ? `2027-${slash[1]?.padStart(2, '0')}-${slash[2]?.padStart(2, '0')}` : null
    const alternatives = other && Number(slash?.[1]) <= 12 ? [{ words: other, when: other, rule: null }] : []
    chips.push({ kind, text: found[0], start: found.index, end: found.index + found[0].length, alternatives })
  }
  chips.sort((a, b) => a.start - b.start)
  const title = chips.reduceRight((left, chip) => left.slice(0, chip.start) + left.slice(chip.end), text).replace(/\s+/g, ' ').trim()
  const part = (kind: string) => chips.find((chip) => chip.kind === kind)?.text
  const [date, time] = [part('date'), part('time')]
  const when = date || time ? `${date ? day(date) : TODAY}${time ? `T${time.padStart(5, '0')}:00` : ''}` : null
  const unread = [...title.matchAll(/\b(until|except) \w+/gi)].map(([words]) => words)
  return { title, when, chips, unread, list: part('list')?.slice(1) ?? null, repeats: part('repeat') !== undefined }
}
