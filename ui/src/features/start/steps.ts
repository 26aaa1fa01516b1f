// How far a person is on the way to the first list in Outlook. What was done says it, so it is known after a restart too.
import type { ListView, SnapshotView } from '../../lib/ipc'
import { m } from '../../lib/words/messages'
import { defaultList } from '../lists/default'

export type Step = 'connect' | 'calendar' | 'plan'

export const STEPS = [['connect', m.setup_step_connect], ['calendar', m.setup_step_calendar], ['plan', m.setup_step_plan]] as const satisfies readonly (readonly [Step, () => string])[]

export const numberOf = (step: Step): number => STEPS.findIndex(([one]) => one === step) + 1

/** The list that is taken to Outlook first: the one whose calendar is chosen, else the one that is always there. */
export const firstList = (snapshot: SnapshotView): ListView | undefined => snapshot.lists.find((list) => list.calendar && list.unstarted) ?? defaultList(snapshot.lists)

/** The last step that can be done now; null when a list is in Outlook and there is nothing to be led to. */
export function reached(snapshot: SnapshotView): Step | null {
  if (snapshot.lists.some((list) => list.calendar && !list.unstarted)) return null
  if (!snapshot.accounts.length) return 'connect'
  return snapshot.lists.some((list) => list.calendar) ? 'plan' : 'calendar'
}

/** Whether somebody began, and has not come to the end. */
export const isUnderWay = (snapshot: SnapshotView): boolean => reached(snapshot) !== null && (snapshot.accounts.length > 0 || snapshot.signing_in !== null)

/** The step that is shown: where a person went, as far as it can be done. */
export function shownStep(chosen: Step | null, last: Step): Step {
  return chosen && numberOf(chosen) < numberOf(last) ? chosen : last
}
