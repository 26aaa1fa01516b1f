// What the columns of a table are, in the words of the command line: `title=Name,date=Expires on,notes=,format=DD/MM/YYYY`.
import type { TableView } from '../../lib/ipc'
import { m } from '../../lib/words/messages'
import { worded } from '../../lib/words/states'

const FIELDS = {
  title: m.column_title, date: m.column_date, time: m.column_time, end: m.column_end, end_time: m.column_end_time, all_day: m.column_all_day, duration: m.column_duration,
  zone: m.column_zone, repeat: m.column_repeat, alarm: m.column_alarm, category: m.column_category, show_as: m.column_show_as, private: m.column_private, link: m.column_link,
  reminder_on: m.column_reminder_on, reminder_date: m.column_reminder_date, reminder_time: m.column_reminder_time,
  done: m.column_done, notes: m.column_notes, place: m.column_place, id: m.column_id,
}

/** A field in the words of the window. */
export const fieldWords = (field: string): string => worded(FIELDS, field)

/** Column number to field, as it was guessed. */
export function guessed(table: TableView): Record<number, string> {
  return Object.fromEntries(table.columns.map(([field, column]) => [table.header.indexOf(column), field]).filter(([at]) => at !== -1))
}

/** A field that was guessed and is not wanted is said to have no column. */
export function mapOf(table: TableView, chosen: Record<number, string>, format: string): string {
  const fields = Object.entries(chosen).filter(([, field]) => field).map(([at, field]) => `${field}=${table.header[Number(at)] ?? ''}`)
  const none = table.columns.map(([field]) => field).filter((field) => !Object.values(chosen).includes(field)).map((field) => `${field}=`)
  return [...fields, ...none, ...(format ? [`format=${format}`] : [])].join(',')
}

/** What is still to be said before the table can be read. */
export function missing(chosen: Record<number, string>): string[] {
  return ['title', 'date'].filter((field) => !Object.values(chosen).includes(field)).map(fieldWords)
}

/** What a list that follows this may be called: the name of the file, or of the site. */
export function listName(from: string): string {
  const site = /^https?:\/\/([^/:?#]+)/i.exec(from)?.[1]
  const file = from.split(/[\\/]/).filter(Boolean).at(-1) ?? ''
  return site ?? file.replace(/\.[a-z]+$/i, '')
}
