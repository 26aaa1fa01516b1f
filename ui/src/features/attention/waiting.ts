import type { WaitingView } from '../../lib/ipc'
import { m } from '../../lib/paraglide/messages'
import type { Say } from '../../lib/words/states'

/** Problems whose particulars can be looked at. */
export const REVIEWED = ['held', 'first_sync_question', 'same_list_question', 'left_over', 'source_shrank']

/** What is asked about, and how: the word for the app is what is confirmed, the button what a person says. None that removes invites to be pressed. */
type Answer = [words: Say, answer: string, kind: 'main' | 'plain' | 'danger']

const REMOVE = (answer: string): Answer[] => [[m.banner_remove, answer, 'danger']]
const KINDS: [about: (one: WaitingView) => boolean, words: Say, answers: Answer[], instead?: Say][] = [
  [(one) => one.for === 'removal' && one.op !== 'delete', m.review_gone, [...REMOVE('removal'), [m.review_keep_all, 'keep', 'plain']]],
  [(one) => one.for === 'removal' && one.op === 'delete', m.review_left, REMOVE('removal')],
  [(one) => one.for === 'shrunk', m.review_left, REMOVE('shrunk'), m.review_shrunk_what],
  [(one) => one.for === 'first_sync', m.review_first, [[m.banner_new, 'new', 'main'], [m.banner_removed, 'removed', 'danger']]],
  [(one) => one.for === 'same_list', m.review_same, [[m.banner_another_list, 'same_list', 'main']]],
  [(one) => one.for === 'left_over', m.review_left_over, REMOVE('left_over')],
]

export interface Section {
  words: string
  items: WaitingView[]
  answers: Answer[]
  /** What else can be done: at the source of their list. */
  instead: string | null
}

/** What waits, by what it is about: each is answered by itself. */
export function sections(waiting: WaitingView[]): Section[] {
  const all = KINDS.map(([about, words, answers, instead]) => ({ words: words(), items: waiting.filter(about), answers, instead: instead?.() ?? null }))
  return all.filter((section) => section.items.length > 0)
}
