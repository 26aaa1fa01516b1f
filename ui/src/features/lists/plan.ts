import type { PlannedView } from '../../lib/ipc'
import { m } from '../../lib/words/messages'

const THERE = ['adopt', 'relink']
const CHANGED = ['update', 'restore', 'merge']
const DELETED = ['delete', 'settle', 'dismiss', 'detach']
const KINDS: [ops: string[], words: (inputs: { count: number }) => string][] = [
  [['create'], m.plan_added], [THERE, m.plan_there], [CHANGED, m.plan_changed], [['pull', 'keep'], m.plan_taken], [DELETED, m.plan_deleted],
]

export interface Group {
  words: string
  steps: PlannedView[]
}

/** A plan in plain words: a group for each kind of thing that will be done. */
export function groups(plan: PlannedView[]): Group[] {
  return KINDS.map(([ops, words]) => {
    const steps = plan.filter((step) => ops.includes(step.op))
    return { words: words({ count: steps.length }), steps }
  }).filter((group) => group.steps.length > 0)
}

/** Whether the calendar comes with the first write: none is called so, and none holds any of it already. `there` is null where that is not known. */
export function makes(plan: PlannedView[], there: readonly string[] | null, calendar: string): boolean {
  const isCalledSo = (name: string) => name.toLowerCase() === calendar.toLowerCase()
  return there !== null && !there.some(isCalledSo) && !plan.some((step) => THERE.includes(step.op))
}

/** What will not be done: what a person is afraid of. */
export function promise(plan: PlannedView[], calendar: string, there: readonly string[] | null = null): string {
  // Of one that is not there yet there is nothing to be afraid.
  if (makes(plan, there, calendar)) return m.plan_nothing_else()
  const has = (ops: string[]) => plan.some((step) => ops.includes(step.op))
  const [changes, deletes] = [has(CHANGED), has(DELETED)]
  if (changes && deletes) return m.plan_nothing_else()
  const never = changes ? m.plan_never_deleted : deletes ? m.plan_never_changed : m.plan_never
  return `${never({ calendar })} ${m.plan_nothing_else()}`
}
