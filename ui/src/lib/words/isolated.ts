// What others wrote among the words of the window. A title from a feed may be written from right to left, or hold marks that turn what follows them around: alone in its
// own direction it can reorder nothing but itself. Done with the marks that Unicode has for it, so that it holds in names for screen readers and in tooltips too.

const BEGIN = '\u2068'
const END = '\u2069'
/** Marks that begin an isolate of their own. */
const BEGINS = /[\u2066-\u2068]/
/** Letters from right to left, and marks of direction. Anything else cannot reorder. */
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
/** What ends a paragraph ends every isolate in it, and the rest of the text would be outside. */
const BREAKS = /[\u001c-\u001e\u0085\u2028\u2029]/g

/** Each isolate that it begins ends in it, and it ends none that it did not begin. */
function closed(text: string): string {
  let open = 0
  let kept = ''
  for (const letter of text) {
    if (letter === END && open === 0) continue
    if (letter === END) open -= 1
    else if (BEGINS.test(letter)) open += 1
    kept += letter
  }
  return kept + END.repeat(open)
}

/** The text in an isolate of its own, where it could reorder what stands around it. */
export const isolated = (text: string): string => (TURNS.test(text) ? BEGIN + closed(text.replace(BREAKS, ' ')) + END : text)
