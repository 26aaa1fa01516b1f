import type { WaitingView } from '../../lib/ipc'
import { m } from '../../lib/words/messages'
import { type Say, stateWords } from '../../lib/words/states'

/** Problems whose particulars can be looked at. */
export const REVIEWED = ['held', 'first_sync_question', 'same_list_question', 'left_over', 'source_shrank']

/** The word for the app is what is confirmed, the button what that does. None that deletes invites to be pressed. */
type Answer = [words: Say, answer: string, kind: 'main' | 'plain' | 'danger']

interface Kind {
  about: (one: WaitingView) => boolean
  words: Say
  /** What is so now, and what each answer does. */
  what: Say
  answers: Answer[]
  /** Whether its source is what can be put right instead. */
  atSource?: boolean
}

/** What a reminder is called that stays here without its event. */
const dismissed = () => ({ state: stateWords('dismissed') })
const isGone = (one: WaitingView) => one.for === 'removal' && one.op !== 'delete'
const isLeft = (one: WaitingView) => one.for === 'removal' && one.op === 'delete'
const LEAVE_OUT: Answer = [m.review_leave_out, 'removal', 'plain']

const KINDS: Kind[] = [
  { about: isGone, words: m.review_gone, what: () => m.review_gone_what(dismissed()), answers: [LEAVE_OUT, [m.review_again_all, 'keep', 'plain']] },
  { about: isLeft, words: m.review_left, what: m.review_left_what, answers: [[m.review_delete_events, 'removal', 'danger']], atSource: true },
  { about: (one) => one.for === 'first_sync', words: m.problem_first_sync_question_title, what: () => m.review_first_what(dismissed()), answers: [[m.banner_new, 'new', 'main'], [m.banner_removed, 'removed', 'plain']] },
  { about: (one) => one.for === 'same_list', words: m.review_same, what: m.review_same_what, answers: [[m.banner_another_list, 'same_list', 'main']] },
  { about: (one) => one.for === 'left_over', words: m.review_left_over, what: m.review_left_over_what, answers: [[m.review_delete_these, 'left_over', 'danger']] },
]

/** What a source does not name any more. What is kept here only has no event that could go. */
function shrunk(waiting: WaitingView[]): Kind {
  const isThere = waiting.some((one) => one.for === 'shrunk' && one.op === 'delete')
  const [what, yes] = isThere ? [m.review_shrunk_there, m.review_remove_both] : [m.review_shrunk_here, m.review_remove_here]
  return { about: (one) => one.for === 'shrunk', words: m.review_shrunk, what, answers: [[yes, 'shrunk', 'danger']], atSource: true }
}

/** A yes to removals is one to all of them: where there are both kinds it stands below both, and says what it does to each. */
function answersOf(kind: Kind, waiting: WaitingView[]): Answer[] {
  if (!waiting.some(isGone) || !waiting.some(isLeft)) return kind.answers
  if (kind.about === isGone) return kind.answers.filter((answer) => answer !== LEAVE_OUT)
  return kind.about === isLeft ? [[m.review_both, 'removal', 'danger']] : kind.answers
}

export interface Section {
  words: string
  what: string
  items: WaitingView[]
  answers: Answer[]
  atSource: boolean
}

/** What waits, by what it is about: each is answered by itself. */
export function sections(waiting: WaitingView[]): Section[] {
  const [gone, left, ...others] = KINDS
  const kinds = [gone, left, shrunk(waiting), ...others].filter((kind) => kind !== undefined)
  const all = kinds.map((kind) => ({ words: kind.words(), what: kind.what(), items: waiting.filter(kind.about), answers: answersOf(kind, waiting), atSource: kind.atSource ?? false }))
  return all.filter((section) => section.items.length > 0)
}
