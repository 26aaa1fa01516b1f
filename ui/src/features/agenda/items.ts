// The agenda as one list: days as headings, overdue on top.
import type { AgendaRowView } from '../../lib/ipc'

export type Item = { kind: 'heading'; day: string | null; id: string } | { kind: 'row'; row: AgendaRowView; first: boolean; last: boolean; id: string }

/** Rows come by day and time; `null` is the heading of what is overdue. */
export function items(rows: readonly AgendaRowView[]): Item[] {
  const all: Item[] = []
  const section = (day: string | null, of: readonly AgendaRowView[]) => {
    if (!of.length) return
    all.push({ kind: 'heading', day, id: `h ${day ?? 'late'}` })
    of.forEach((row, index) => all.push({ kind: 'row', row, first: index === 0, last: index === of.length - 1, id: `r ${row.id} ${row.on ?? ''}` }))
  }
  section(null, rows.filter((row) => row.overdue))
  let [day, from] = ['', 0]
  const rest = rows.filter((row) => !row.overdue)
  rest.forEach((row, index) => {
    if (row.day === day) return
    section(day, rest.slice(from, index))
    ;[day, from] = [row.day, index]
  })
  section(day, rest.slice(from))
  return all
}

/** Where the cursor goes when the reminder of a row is closed: to that row; where it is done, gone or on another day now, to the next one of those that were there. -1 where there is none. */
export function placeOf(rows: readonly AgendaRowView[], before: readonly AgendaRowView[], was: AgendaRowView): number {
  const from = Math.max(0, before.findIndex((row) => row.id === was.id))
  for (const one of [was, ...before.slice(from + 1), ...before.slice(0, from).reverse()]) {
    const at = rows.findIndex((row) => row.id === one.id && row.day === one.day)
    if (at >= 0) return at
  }
  return rows.length ? 0 : -1
}

/** The next row in a direction, headings jumped over; itself when there is none. */
export function rowFrom(all: readonly Item[], from: number, by: number): number {
  const step = Math.sign(by) || 1
  let place = Math.min(all.length - 1, Math.max(0, from + by))
  while (all[place] && all[place]?.kind !== 'row') place += step
  if (all[place]) return place
  // A jump over the first heading ends at its first row.
  const back = all.findIndex((item) => item.kind === 'row')
  return back < 0 ? from : Math.min(from, back)
}
