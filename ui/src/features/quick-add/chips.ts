import type { ChipView, WordsView } from '../../lib/ipc'
import { clipped } from '../../lib/words/clipped'
import { m } from '../../lib/words/messages'
import { worded } from '../../lib/words/states'

const KINDS = { date: m.chip_date, time: m.chip_time, zone: m.chip_zone, repeat: m.chip_repeat, alarm: m.chip_alarm, duration: m.chip_duration, list: m.chip_list }

/** What a chip is about. */
export const chipWords = (kind: string): string => worded(KINDS, kind)

export interface Part {
  chip: ChipView | null
  text: string
}

/** A comma between two chips is no part of the title that a person looks for. */
const WORDS = /[^\s\p{P}]/u

/** Outlook's limit for a title, in UTF-16 units, as in `crates/core/src/reminder.rs`. */
export const TITLE_LIMIT = 255
/** Longer than anything that becomes a reminder, with all that is said about its time: the app is not asked what it means. */
export const READ_LIMIT = 1000

/** The text in its order: what was understood as chips, and what is left between them. A long paste is in its field, and not once more below it. */
export function parts(text: string, understood: WordsView): Part[] {
  const all: Part[] = []
  let from = 0
  for (const chip of understood.chips) {
    const between = text.slice(from, chip.start).trim()
    if (WORDS.test(between)) all.push({ chip: null, text: between })
    all.push({ chip, text: chip.text })
    from = chip.end
  }
  const rest = text.slice(from).trim()
  if (WORDS.test(rest)) all.push({ chip: null, text: rest })
  return all.map((part) => ({ ...part, text: clipped(part.text, TITLE_LIMIT) }))
}

/** The text with other words where a chip stands. */
export const switched = (text: string, chip: ChipView, words: string): string => text.slice(0, chip.start) + words + text.slice(chip.end)
