// What a field was and is, as the app keeps it, in the words of the window: `2026-11-21T14:30 Europe/Berlin, 30 min` is a time that people write in another way.
import { leadWords } from '../../features/editor/leads'
import { wall } from '../../shared/dates'
import { SHOW_AS } from './states'

const STAMP = /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?/g

export function changeText(field: string, text: string): string {
  if (field === 'alarm' && /^-?\d+ min$/.test(text)) return leadWords(Number.parseInt(text, 10), false)
  if (field === 'show as') return SHOW_AS.find(([value]) => value === text)?.[1]() ?? text
  return field === 'time' ? text.replace(STAMP, (stamp) => wall(stamp.replace(' ', 'T'))) : text
}
