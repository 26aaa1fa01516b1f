// What was typed and could not be saved, as a text to copy.
import { m } from '../../lib/words/messages'
import type { Say } from '../../lib/words/states'
import type { Group } from './draft.svelte'

const NAMES: Record<Group, Say> = {
  title: m.editor_title, notes: m.notes, when: m.editor_when, zone: m.time_zone, repeat: m.repeat_repeats, alarms: m.alarms, show_as: m.show_as, private: m.editor_private, category: m.category, link: m.link, list: m.list,
}

/** One text as it is; several with the names of their fields. */
export function lostWords(lost: Partial<Record<Group, string>>): string {
  const all = Object.entries(lost) as [Group, string][]
  if (all.length === 1) return all[0]?.[1] || NAMES[all[0]?.[0] ?? 'title']()
  return all.map(([group, text]) => (text ? `${NAMES[group]()}: ${text}` : NAMES[group]())).join('\n')
}
