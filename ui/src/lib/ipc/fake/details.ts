// What the editor shows of the fake's reminders, and what edits do to them.
import { type AgendaRowView, type EntryView, type OpenedView, type SnapshotView, Trouble, type Wish } from '../door'
import { addDays } from '../../../shared/dates'
import { runs, TODAY } from './data'
import { days } from './rules'

const refuse = (detail: string, action: string) => new Trouble({ code: 'bad_input', title: 'That cannot be', detail, action })

/** Reminders in full, made from the rows of the agenda when they are first asked for. */
export class Details {
  private readonly all = new Map<string, OpenedView>()
  private readonly dates = new Map<string, Wish>()
  private readonly finished = new Map<string, Set<string>>()
  private readonly left = new Map<string, Set<string>>()

  whole(row: AgendaRowView, snapshot: SnapshotView): OpenedView {
    const known = this.all.get(row.id) ?? fresh(row)
    const place = snapshot.lists.find((one) => one.name === row.list)?.calendar ?? null
    const left = this.left.get(row.id) ?? new Set()
    const day = known.start.slice(0, 10)
    const next = known.repeat ? days(known.repeat, day, 40).filter((on) => on >= TODAY && !left.has(on)).slice(0, 5) : []
    const exceptions = [...[...left].map((on) => ({ on, left_out: true })), ...[...this.dates.keys()].filter((key) => key.startsWith(`${row.id} `)).map((key) => ({ on: key.split(' ')[1] ?? '', left_out: false }))]
    const opened = { ...known, list: row.list, state: row.state, done: row.done, calendar: place, outlook_alarm: place && known.alarms.length ? Math.min(...known.alarms) : null,
      written_at: place ? '2026-11-21T11:58:00Z' : null, has_event: place !== null, exceptions, next: next.map((on) => ({ on, start: on + known.start.slice(10), done: this.finished.get(row.id)?.has(on) ?? false })), history: history(row.id) }
    this.all.set(row.id, opened)
    return opened
  }

  on(row: AgendaRowView, snapshot: SnapshotView, on: string | null): OpenedView {
    const whole = this.whole(row, snapshot)
    if (!on) return whole
    const done = whole.done || (this.finished.get(row.id)?.has(on) ?? false)
    return changed({ ...whole, on, done, repeat: null, start: on + whole.start.slice(10) }, this.dates.get(`${row.id} ${on}`) ?? {})
  }

  edit(row: AgendaRowView, snapshot: SnapshotView, on: string | null, wish: Wish): OpenedView {
    const whole = this.whole(row, snapshot)
    if (wish.title !== undefined && !wish.title?.trim()) throw refuse('A reminder needs a title.', 'Change that and try again.')
    if (wish.link && !/^(https?:\/\/|mailto:|tel:)/i.test(wish.link)) throw refuse(`\`${wish.link}\` is not a web address.`, 'Change that and try again.')
    if (wish.zone && !/^[A-Z]\w+(\/\w+)*$/.test(wish.zone)) throw refuse(`\`${wish.zone}\` is not a time zone.`, 'Use an IANA name such as Europe/Berlin.')
    if (wish.repeat && !/^FREQ=/.test(wish.repeat)) throw refuse('a repeat rule needs a FREQ.', 'Write a rule such as FREQ=WEEKLY;BYDAY=MO.')
    if (on) this.dates.set(`${row.id} ${on}`, { ...this.dates.get(`${row.id} ${on}`), ...wish })
    else this.all.set(row.id, this.refitted(changed(whole, wish)))
    return this.whole(row, snapshot)
  }

  /** What was said of a date that the series does not have any more goes. */
  private refitted(whole: OpenedView): OpenedView {
    const given = whole.repeat ? days(whole.repeat, whole.start.slice(0, 10), 400) : []
    this.left.set(whole.id, new Set([...(this.left.get(whole.id) ?? [])].filter((on) => given.includes(on))))
    for (const key of this.dates.keys()) if (key.startsWith(`${whole.id} `) && !given.includes(key.split(' ')[1] ?? '')) this.dates.delete(key)
    return whole
  }

  leaveOut(id: string, on: string): void {
    this.left.set(id, new Set([...(this.left.get(id) ?? []), on]))
  }

  setDone(id: string, on: string, done: boolean): void {
    const all = this.finished.get(id) ?? new Set()
    if (done) all.add(on)
    else all.delete(on)
    this.finished.set(id, all)
  }

  restoreDate(id: string, on: string): void {
    this.left.get(id)?.delete(on)
    this.dates.delete(`${id} ${on}`)
  }
}

function fresh(row: AgendaRowView): OpenedView {
  return {
    id: row.id, on: null, title: row.title, notes: '', start: row.time ? `${row.day}T${row.time}:00` : row.day, zone: row.time ? 'Europe/Berlin' : null, all_day: !row.time,
    minutes: row.time ? 30 : 1440, repeat: row.repeats ? (row.time ? 'FREQ=WEEKLY' : 'FREQ=YEARLY') : null, alarms: row.time ? [15] : [900, 9540], category: null, show_as: 'free', private: false,
    link: null, done: row.done, list: row.list, sourced: row.sourced, state: row.state, next: [], exceptions: [], outlook_alarm: null, calendar: null, written_at: null, has_event: false, history: [],
  }
}

function changed(was: OpenedView, wish: Wish): OpenedView {
  const start = wish.at ? (wish.at.length === 16 ? `${wish.at}:00` : wish.at) : was.start
  const allDay = start.length === 10
  return {
    ...was, start, all_day: allDay, title: wish.title?.trim() ?? was.title, notes: wish.notes ?? was.notes, zone: allDay ? null : (wish.zone ?? was.zone ?? 'UTC'),
    minutes: wish.minutes ?? (allDay === was.all_day ? was.minutes : allDay ? 1440 : 30), repeat: wish.repeat === undefined ? was.repeat : wish.repeat || null,
    alarms: [...(wish.alarms ?? was.alarms)].sort((a, b) => a - b), category: wish.category === undefined ? was.category : wish.category || null, show_as: wish.show_as ?? was.show_as,
    private: wish.private ?? was.private, link: wish.link === undefined ? was.link : wish.link || null,
  }
}

function history(id: string): EntryView[] {
  return runs().flatMap((run) => run.entries).filter((entry) => entry.id === id)
}

/** How often a rule comes, where one word says it; the app looks closer. */
function everyOf(rule: string | null): AgendaRowView['every'] {
  const frequency = rule && !/INTERVAL=|BYMONTH=/.test(rule) ? /FREQ=(\w+)/.exec(rule)?.[1] : undefined
  return ({ DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' } as const)[frequency ?? ''] ?? null
}

/** The row that an edited reminder has in the agenda. */
export function rowOf(row: AgendaRowView, opened: OpenedView): AgendaRowView {
  const day = opened.repeat ? (opened.next.find((one) => !one.done)?.on ?? opened.start.slice(0, 10)) : opened.start.slice(0, 10)
  return {
    ...row, title: opened.title, day, time: opened.all_day ? null : opened.start.slice(11, 16), repeats: opened.repeat !== null, every: everyOf(opened.repeat), on: opened.repeat ? day : null, alarm: opened.alarms.length > 0,
    overdue: day < TODAY && !row.done, state: row.state === 'synced' ? 'waiting' : row.state,
  }
}

/** Every date of a row between two days. Only what repeats is opened: ten thousand would take their time. */
export function datesOf(row: AgendaRowView, open: () => OpenedView, from: string, to: string): AgendaRowView[] {
  const opened = row.repeats ? open() : null
  if (!opened?.repeat) return row.day >= from && row.day <= to ? [row] : []
  const left = new Set(opened.exceptions.filter((one) => one.left_out).map((one) => one.on))
  return days(opened.repeat, opened.start.slice(0, 10), 400).filter((on) => on >= from && on <= to && !left.has(on)).map((on) => ({ ...row, day: on, on, overdue: false }))
}

export const shifted = (start: string, by: number) => addDays(start.slice(0, 10), by) + start.slice(10, 16)
