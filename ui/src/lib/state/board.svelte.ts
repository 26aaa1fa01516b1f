// Everything that the window shows, fed by the app's word that something changed.
import { type Door, type ProblemView, type SnapshotView, troubleOf } from '../ipc'

const problem = (error: unknown): ProblemView => troubleOf(error).problem

export class Board {
  snapshot = $state<SnapshotView | null>(null)
  trouble = $state<ProblemView | null>(null)
  /** What a screen reader is told. */
  said = $state('')
  readonly door: Door
  private loading = false
  private stale = false
  private unloaded = false

  constructor(door: Door) {
    this.door = door
  }

  /** Follows the app; answers with how to stop. */
  follow(): () => void {
    void this.load()
    return this.door.onChange(() => void this.load())
  }

  /** Fetches everything. One question at a time: an older answer never covers a newer one, and many changes cost two. */
  async load(): Promise<void> {
    this.stale = true
    if (this.loading) return
    this.loading = true
    while (this.stale) {
      this.stale = false
      await this.fetch()
    }
    this.loading = false
  }

  private async fetch(): Promise<void> {
    try {
      this.snapshot = await this.door.snapshot()
      // What went wrong with something else stays until the person has moved on.
      if (this.unloaded) this.trouble = null
      this.unloaded = false
    } catch (error) {
      this.trouble = problem(error)
      this.unloaded = true
    }
  }

  /** Copies a text, and says so. */
  async copy(text: string, said: string): Promise<void> {
    await navigator.clipboard.writeText(text)
    this.said = said
  }

  /** Does something; what goes wrong is shown where the person looks. True when it worked. */
  async try(work: () => Promise<void>): Promise<boolean> {
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
}
