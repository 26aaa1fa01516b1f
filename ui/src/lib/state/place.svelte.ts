// Where in the window a person is.
import type { Step } from '../../features/start/steps'
import type { AgendaRowView } from '../ipc'
import { m } from '../words/messages'
import type { Say } from '../words/states'

export type View = 'agenda' | 'month' | 'lists' | 'activity' | 'accounts' | 'settings' | 'setup' | 'review'

/** In the order of the rail, and of the keys 1 to 6. */
export const VIEWS = [
  ['agenda', m.view_agenda], ['month', m.view_month], ['lists', m.view_lists], ['activity', m.view_activity], ['accounts', m.view_accounts], ['settings', m.view_settings],
] as const satisfies readonly (readonly [View, Say])[]

export class Place {
  view = $state<View>('agenda')
  /** The id of the only list that the agenda shows. */
  list = $state<string | null>(null)
  /** What is edited, and the row that it was opened from as it was then. */
  opened = $state.raw<{ id: string; on: string | null; from: AgendaRowView } | null>(null)
  /** The day that the month is at; null is today, whenever that is. */
  day = $state<string | null>(null)
  /** The step to Outlook that a person went to. */
  step = $state<Step | null>(null)
  /** The list of shortcuts is shown. */
  help = $state(false)

  /** Asks whether the reminder that is edited may go away, and remembers where to; false where it stays for now. */
  leave: (go: () => void) => Promise<boolean> = async () => true

  /** Whether the editor lies over the view. */
  covers: () => boolean = () => false

  /** Goes to a view, and does there what it was for. Where a reminder would go away with it and something of it is not saved, that is asked about first. */
  async go(view: View, list: string | null = null, then?: () => void): Promise<void> {
    const arrive = () => {
      this.arrive(view, list)
      then?.()
    }
    if (this.opened && !this.isBeside(view) && !(await this.leave(arrive))) return
    arrive()
  }

  /** Who goes to a view wants to see it. */
  private isBeside(view: View): boolean {
    return (view === 'agenda' || view === 'month') && !this.covers()
  }

  private arrive(view: View, list: string | null): void {
    this.view = view
    this.list = list
    if (!this.isBeside(view)) this.opened = null
  }

  /** Opens a reminder; in the month that date of it. */
  async open(row: AgendaRowView, on: string | null): Promise<void> {
    const opened = { id: row.id, on, from: row }
    if (this.opened && !(await this.leave(() => (this.opened = opened)))) return
    this.opened = opened
  }
}
