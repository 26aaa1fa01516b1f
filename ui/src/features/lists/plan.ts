import type { PlannedView } from '../../lib/ipc'

const KINDS: [name: string, ops: string[], words: (count: number) => string][] = [
  ['added', ['create'], (count) => `${reminders(count)} will be added`],
  ['there', ['adopt', 'relink'], (count) => `${reminders(count)} ${count === 1 ? 'is' : 'are'} there already`],
  ['changed', ['update', 'restore', 'merge'], (count) => `${reminders(count)} will be changed there`],
  ['taken', ['pull', 'keep'], (count) => `${reminders(count)} will be changed here`],
  ['deleted', ['delete', 'settle', 'dismiss', 'detach'], (count) => `${reminders(count)} will be removed or left alone`],
]

const reminders = (count: number) => (count === 1 ? '1 reminder' : `${count} reminders`)

export interface Group {
  words: string
  steps: PlannedView[]
}

/** A plan in plain words: a group for each kind of thing that will be done. */
export function groups(plan: PlannedView[]): Group[] {
  return KINDS.map(([, ops, words]) => {
    const steps = plan.filter((step) => ops.includes(step.op))
    return { words: words(steps.length), steps }
  }).filter((group) => group.steps.length > 0)
}

/** What will not be done: what a person is afraid of. */
export function promise(plan: PlannedView[], calendar: string): string {
  const has = (ops: string[]) => plan.some((step) => ops.includes(step.op))
  const never = [
    ...(has(['update', 'restore', 'merge']) ? [] : ['changed']),
    ...(has(['delete', 'settle', 'dismiss', 'detach']) ? [] : ['deleted']),
  ]
  const other = 'Nothing else in your calendars is touched, and nobody is invited to anything.'
  return never.length ? `Nothing in the calendar ${calendar} will be ${never.join(' or ')}. ${other}` : other
}
