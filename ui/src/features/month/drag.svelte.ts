// A reminder that is dragged from day to day, by pointer events: they go to every window system alike.
import type { AgendaRowView } from '../../lib/ipc'

/** So far a pointer may shake on a click. */
const SHAKE = 6

export class Drag {
  /** What is dragged. */
  row = $state.raw<AgendaRowView | null>(null)
  /** The day under the pointer. */
  over = $state<string | null>(null)
  private grabbed: { row: AgendaRowView; x: number; y: number } | null = null
  private justEnded = false
  private readonly ondrop: (row: AgendaRowView, day: string) => void

  constructor(ondrop: (row: AgendaRowView, day: string) => void) {
    this.ondrop = ondrop
  }

  grab(row: AgendaRowView, event: PointerEvent): void {
    if (event.button === 0) this.grabbed = { row, x: event.clientX, y: event.clientY }
  }

  move(event: PointerEvent): void {
    const { grabbed } = this
    if (!grabbed) return
    if (!this.row && Math.hypot(event.clientX - grabbed.x, event.clientY - grabbed.y) < SHAKE) return
    this.row = grabbed.row
    this.over = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-day]')?.dataset['day'] ?? null
  }

  drop(): void {
    const { row, over } = this
    this.stop()
    if (!row) return
    // The click that follows is the end of the drag, not the wish to open.
    this.justEnded = true
    setTimeout(() => (this.justEnded = false))
    if (over) this.ondrop(row, over)
  }

  stop(): void {
    this.grabbed = null
    this.row = null
    this.over = null
  }

  ended(): boolean {
    return this.justEnded
  }
}
