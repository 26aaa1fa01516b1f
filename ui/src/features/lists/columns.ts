// What the columns of a table are, in the words of the command line: `title=Name,date=Expires on,notes=,format=DD/MM/YYYY`.
import type { TableView } from '../../lib/ipc'

/** Fields in the words of the window. */
export const FIELD_WORDS: Record<string, string> = {
  title: 'Title', date: 'Date', time: 'Time', end: 'End date', end_time: 'End time', all_day: 'All day', duration: 'Duration', zone: 'Time zone', repeat: 'Repeat', alarm: 'Alarm',
  category: 'Category', show_as: 'Show as', private: 'Private', link: 'Link', done: 'Done', notes: 'Notes', id: 'Id, names the row for good',
}

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
  return ['title', 'date'].filter((field) => !Object.values(chosen).includes(field)).map((field) => FIELD_WORDS[field] ?? field)
}

/** What a list that follows this may be called: the name of the file, or of the site. */
export function listName(from: string): string {
  const site = /^https?:\/\/([^/:?#]+)/i.exec(from)?.[1]
  const file = from.split(/[\\/]/).filter(Boolean).at(-1) ?? ''
  return site ?? file.replace(/\.[a-z]+$/i, '')
}
