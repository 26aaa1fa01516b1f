import type { RunView, UndoneView } from '../../lib/ipc'
import { m } from '../../lib/words/messages'
import { leftWords, reasonWords } from '../../lib/words/reasons'
import { changedWords, didWords, worded } from '../../lib/words/states'
import { commas } from '../../shared/dates'

const KINDS = { sync: m.run_sync, undo: m.run_undo, hand: m.run_hand }

export const kindWords = (kind: string): string => worded(KINDS, kind)

const OUTCOMES = { ok: m.outcome_ok, attention: m.outcome_attention, held: m.outcome_held, offline: m.outcome_offline, failed: m.outcome_failed }

export const outcomeWords = (outcome: string | null): string => (outcome === null ? m.outcome_cut_off() : worded(OUTCOMES, outcome))

/** What would become of one change that is taken back. */
export function undoneWords(undone: UndoneView): string {
  const { title, did, fields, stay } = undone
  const why = leftWords(undone)
  const what = { title, did: didWords(did), fields: commas(fields.map(changedWords)) }
  const back = fields.length ? m.activity_undone_fields(what) : m.activity_undone(what)
  const left = stay.length ? m.activity_stays({ title: back, fields: commas(stay.map(changedWords)) }) : back
  return why ? m.activity_why({ words: left, why }) : left
}

/** What belongs to a list: by where it was done, or by where it is now. */
export interface Among {
  list: string
  ids: ReadonlySet<string>
}

/** Runs with the entries that fit; without a filter all of them, those that did nothing too. */
export function filtered(runs: readonly RunView[], text: string, among: Among | null): RunView[] {
  const wanted = text.trim().toLowerCase()
  if (!wanted && !among) return [...runs]
  const fits = (entry: RunView['entries'][number]) =>
    (!among || entry.list === among.list || among.ids.has(entry.id)) && [entry.title, reasonWords(entry), ...entry.changes.flatMap((change) => [change.before, change.after])].some((one) => one.toLowerCase().includes(wanted))
  return runs.map((run) => ({ ...run, entries: run.entries.filter(fits) })).filter((run) => run.entries.length > 0)
}
