// Everything that the window shows, fed by the app's word that something changed.
import { type DefaultsView, type Door, type ProblemView, type SnapshotView, troubleOf } from '../ipc'
import { inToast } from '../words/clipped'
import { m } from '../words/messages'
import { said } from '../words/problems'

const problem = (error: unknown): ProblemView => troubleOf(error).problem

/** How long what was done can be taken back with one click. */
export const TOAST_MS = 10_000

/** Something that was just done, and how to take it back. */
export interface Toast {
  text: string
  undo?: () => Promise<unknown>
  /** What could not be kept and would be gone with the toast, to copy: it stays until it is closed. */
  lost?: string
}

export class Board {
  /** Replaced whole; ten thousand rows are not watched one by one. */
  snapshot = $state.raw<SnapshotView | null>(null)
  trouble = $state<ProblemView | null>(null)
  /** What can be taken back just now, the newest last. */
  private done = $state.raw<readonly Toast[]>([])
  /** Is on its way back. */
  private readonly taking = new Set<Toast>()
  /** Could not be taken back: it can be tried again for as long as it takes. */
  private readonly failed = new Set<Toast>()
  /** What a screen reader is told. */
  said = $state('')
  readonly door: Door
  private loading: Promise<void> | null = null
  private writing: Promise<void> = Promise.resolve()
  private stale = false
  private unloaded = false
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(door: Door) {
    this.door = door
  }

  /** Follows the app; answers with how to stop. */
  follow(): () => void {
    void this.load()
    return this.door.onChange(() => void this.load())
  }

  /** Fetches everything. One question at a time: an older answer never covers a newer one, and many changes cost two. */
  load(): Promise<void> {
    this.stale = true
    this.loading ??= this.loadAll()
    return this.loading
  }

  private async loadAll(): Promise<void> {
    while (this.stale) {
      this.stale = false
      await this.fetch()
    }
    this.loading = null
  }

  private async fetch(): Promise<void> {
    try {
      const before = this.snapshot
      this.snapshot = await this.door.snapshot()
      this.tell(before, this.snapshot)
      // What went wrong with something else stays until the person has moved on.
      if (this.unloaded) this.trouble = null
      this.unloaded = false
    } catch (error) {
      this.trouble = problem(error)
      this.unloaded = true
    }
  }

  /** How a sync went, for those who do not see the pill. */
  private tell(before: SnapshotView | null, now: SnapshotView): void {
    if (before?.sync !== 'running' || now.sync === 'running') return
    if (now.attention) this.said = m.said_sync_ended({ title: said(now.attention).title })
    else this.said = now.waiting ? m.said_synced_waiting({ count: now.waiting }) : m.said_synced()
  }

  /** Whether a person can have it synced now: a pause is for the timer. */
  get canSync(): boolean {
    return this.snapshot?.sync === 'idle' || this.snapshot?.sync === 'paused'
  }

  /** The newest of what can be taken back. */
  get toast(): Toast | null {
    return this.done.at(-1) ?? null
  }

  /** Says what was done, and offers to take it back for a while. What was done just before can be taken back after it. */
  offer(text: string, undo: () => Promise<unknown>): void {
    this.said = text
    this.done = [...this.done, { text, undo }]
    this.keepToast()
  }

  /** Says what could not be kept, until the person has seen it. */
  rescue(text: string, lost: string): void {
    this.said = text
    this.done = [...this.done, { text, lost }]
  }

  /** What only the toast holds, and what could not be taken back yet. */
  private stays(toast: Toast): boolean {
    return toast.lost !== undefined || this.failed.has(toast)
  }

  /** What passes by itself is gone after a while. */
  private passToasts(): void {
    this.done = this.done.filter((one) => this.stays(one))
  }

  /** A person has seen it: what only this toast holds is closed alone. */
  dropToast(): void {
    if (this.toast && this.stays(this.toast)) this.done = this.done.slice(0, -1)
    else this.passToasts()
  }

  /** A toast that a person points at stays. */
  holdToast(): void {
    clearTimeout(this.timer)
  }

  keepToast(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.passToasts(), TOAST_MS)
  }

  async takeBack(): Promise<void> {
    const toast = this.done.findLast((one) => one.undo && !this.taking.has(one))
    if (!toast?.undo) return
    this.taking.add(toast)
    this.holdToast()
    const worked = await this.try(toast.undo)
    this.taking.delete(toast)
    this.keepToast()
    // What did not work can be tried again.
    if (!worked) return void this.failed.add(toast)
    this.done = this.done.filter((one) => one !== toast)
    this.said = m.said_taken_back({ what: toast.text })
  }

  /** Copies a text, and says so; false where the clipboard refuses it, which is shown with what to do. */
  async copy(text: string, said: string): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(text)
      this.said = said
      return true
    } catch {
      this.trouble = { code: 'copy_refused', title: m.copy_refused_title(), detail: m.copy_refused_text(), action: m.copy_refused_action() }
      this.unloaded = false
      return false
    }
  }

  /** Does something; what goes wrong is shown where the person looks. True when it worked. */
  async try(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      this.trouble = null
      return true
    } catch (error) {
      this.trouble = problem(error)
      this.unloaded = false
      return false
    }
  }

  /** Reads something to show. That it worked says nothing about what went wrong before, which stays said. What is read once, and not anew with every snapshot, stays said too. */
  async look(work: () => Promise<unknown>, once: 'once' | 'always' = 'always'): Promise<void> {
    try {
      await work()
    } catch (error) {
      // What was done and failed comes first.
      if (once === 'always' && this.trouble && !this.unloaded) return
      this.trouble = problem(error)
      this.unloaded = once === 'always'
    }
  }

  /** Changes what new reminders of a list get: one change after the other, each of what the app has by then. What it refuses is thrown. */
  changeDefaults(id: string, change: Partial<DefaultsView>): Promise<void> {
    const work = this.writing.then(async () => {
      const list = (await this.door.snapshot()).lists.find((one) => one.id === id)
      if (list) await this.door.setDefaults(list.name, { ...list.defaults, ...change })
    })
    this.writing = work.catch(() => {})
    return work
  }

  /** Done, or not, with a way back. */
  async setDone(one: { id: string; on: string | null; title: string; series?: boolean }, done: boolean): Promise<boolean> {
    let { on } = one
    const worked = await this.try(async () => {
      // A date of a series that is ended is done with it: it is open again with the series only.
      if (!done && on !== null && (await this.door.reminder(one.id, null)).done) on = null
      await this.door.setDone(one.id, on, done)
    })
    const ended = on === null && (one.on !== null || one.series === true)
    const words = ended ? (done ? m.said_series_done : m.said_series_not_done) : done ? m.said_done : m.said_not_done
    if (worked) this.offer(words({ title: inToast(one.title) }), () => this.door.setDone(one.id, on, !done))
    return worked
  }

  /** Removes a whole reminder, with a way back. */
  async remove(one: { id: string; title: string }): Promise<boolean> {
    const removed = await this.try(() => this.door.remove(one.id))
    if (removed) this.offer(m.said_removed({ title: inToast(one.title) }), () => this.door.undo(one.id, false))
    return removed
  }

  /** Leaves one date of a series out, with a way back. */
  async leaveOut(one: { id: string; title: string }, on: string): Promise<boolean> {
    const left = await this.try(() => this.door.leaveOut(one.id, on))
    if (left) this.offer(m.said_left_out({ title: inToast(one.title) }), () => this.door.restoreDate(one.id, on))
    return left
  }
}
