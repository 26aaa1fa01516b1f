import type { WaitingView } from '../../lib/ipc'
import { m } from '../../lib/paraglide/messages'
import type { Say } from '../../lib/words/states'

/** Problems whose particulars can be looked at. */
export const REVIEWED = ['held', 'first_sync_question', 'same_list_question', 'left_over', 'source_shrank']

const is = (one: WaitingView, what: string, op?: string) => one.for === what && (op === undefined || (one.op === 'delete') === (op === 'delete'))

const KINDS: [belongs: (one: WaitingView) => boolean, words: Say][] = [
  [(one) => is(one, 'removal', 'dismiss'), m.review_gone],
  [(one) => is(one, 'removal', 'delete') || is(one, 'shrunk'), m.review_left],
  [(one) => is(one, 'first_sync'), m.review_first],
  [(one) => is(one, 'same_list'), m.review_same],
  [(one) => is(one, 'left_over'), m.review_left_over],
]

export interface Section {
  words: string
  items: WaitingView[]
}

/** What waits, by what it is about. */
export function sections(waiting: WaitingView[]): Section[] {
  const all = KINDS.map(([belongs, words]) => ({ words: words(), items: waiting.filter(belongs) }))
  return all.filter((section) => section.items.length > 0)
}

/** The answers that can be given, and whether each says that what is missing was removed elsewhere. A yes is one to all that is shown. */
export function asks(waiting: WaitingView[]): [words: string, removed: boolean][] {
  const kinds = new Set(waiting.map((one) => one.for))
  if (kinds.has('first_sync')) return [[m.banner_new(), false], [m.banner_removed(), true]]
  if (kinds.size > 1) return [[m.review_right(), false]]
  if (kinds.has('same_list')) return [[m.banner_another_list(), false]]
  return [[m.banner_remove(), false]]
}
