// Everything that the window shows, fed by the app's word that something changed.
import { type Door, type ProblemView, type SnapshotView, Trouble } from '../ipc'

export class Board {
  snapshot = $state<SnapshotView | null>(null)
  trouble = $state<ProblemView | null>(null)
  /** What a screen reader is told. */
  said = $state('')
  readonly door: Door

  constructor(door: Door) {
    this.door = door
  }

  /** Follows the app; answers with how to stop. */
  follow(): () => void {
    void this.load()
    return this.door.onChange(() => void this.load())
  }

  async load(): Promise<void> {
    await this.try(async () => {
      this.snapshot = await this.door.snapshot()
    })
  }

  /** Does something; what goes wrong is shown where the person looks. True when it worked. */
  async try(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      this.trouble = null
      return true
    } catch (error) {
      this.trouble =
        error instanceof Trouble ? error.problem : { code: 'internal', title: 'A defect of Belfry\u2019s', detail: String(error), action: 'Please report this.' }
      return false
    }
  }
}
