import type { RunView } from '../../lib/ipc'

export const KINDS: Record<string, string> = { sync: 'Sync', undo: 'Undo', hand: 'By hand' }

const OUTCOMES: Record<string, string> = { ok: 'done', attention: 'needs you', held: 'something waits for you', offline: 'not everything was reached', failed: 'failed' }

export const outcomeWords = (outcome: string | null): string => (outcome === null ? 'cut off' : (OUTCOMES[outcome] ?? outcome))

/** Runs with the entries that fit; without a filter all of them, those that did nothing too. */
export function filtered(runs: readonly RunView[], text: string, ids: ReadonlySet<string> | null): RunView[] {
  const wanted = text.trim().toLowerCase()
  if (!wanted && !ids) return [...runs]
  const fits = (entry: RunView['entries'][number]) =>
    (!ids || ids.has(entry.id)) && [entry.title, entry.reason, ...entry.changes.flatMap((change) => [change.before, change.after])].some((one) => one.toLowerCase().includes(wanted))
  return runs.map((run) => ({ ...run, entries: run.entries.filter(fits) })).filter((run) => run.entries.length > 0)
}
