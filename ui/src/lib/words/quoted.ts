// What the app quotes: in its English sentences names, values and what was typed stand between backticks, as in a terminal.
import { isolated } from './isolated'

/** A piece of a sentence; `quoted` stood between backticks. */
export interface Piece {
  quoted: boolean
  text: string
}

/** A backtick inside a word belongs to what is quoted, or to nobody. */
const QUOTED = /(?<![\p{L}\p{N}`])`([^`](?:.*?[^`])??)`(?![\p{L}\p{N}`])/gu

export function pieces(sentence: string): Piece[] {
  const all: Piece[] = []
  let from = 0
  for (const found of sentence.matchAll(QUOTED)) {
    all.push({ quoted: false, text: sentence.slice(from, found.index) }, { quoted: true, text: found[1] ?? '' })
    from = found.index + found[0].length
  }
  return [...all, { quoted: false, text: sentence.slice(from) }].filter((piece) => piece.text)
}

/** Titles stand between curly marks in the app's sentences: each in its own direction, and the sentence in its own. */
export const isolatedWithin = (sentence: string): string => isolated(sentence.replace(/“([^“”]*)”/g, (_, title: string) => `“${isolated(title)}”`))

/** The same as text only, for where nothing can stand out. */
export const inQuotes = (sentence: string): string => pieces(sentence).map(({ quoted, text }) => (quoted ? `“${isolated(text)}”` : isolatedWithin(text))).join('')
