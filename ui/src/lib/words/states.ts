/** What the state of a reminder means, in words. */
export const STATES: Record<string, string> = {
  local: 'this computer only', waiting: 'waiting for the next sync', synced: 'in Outlook', conflict: 'settled by rule',
  held: 'waiting for you', dismissed: 'removed in Outlook', detached: 'left alone', refused: 'Outlook cannot hold it',
}

export const stateWords = (state: string): string => STATES[state] ?? state

/** What was done to a reminder, in words. */
const OPS: Record<string, string> = {
  create: 'added to Outlook', update: 'changed in Outlook', delete: 'removed', pull: 'taken from Outlook', restore: 'put back in Outlook', keep: 'kept as you chose', merge: 'both sides merged',
  dismiss: 'dismissed', adopt: 'found in Outlook', relink: 'found again in Outlook', detach: 'left alone', settle: 'removed a double',
}

export const opWords = (op: string): string => OPS[op] ?? op

const DID: Record<string, string> = { put_back: 'put back', made_again: 'made again', restored: 'put into Outlook again', dismissed: 'taken out of Outlook', removed: 'removed', left: 'stays as it is' }

export const didWords = (did: string): string => DID[did] ?? did

export const reminders = (count: number): string => (count === 1 ? '1 reminder' : `${count} reminders`)
