// A reminder being edited. It saves as one types; what cannot be saved stays as it was typed, with the reason beside it.
import { type DefaultsView, type Door, type OpenedView, type ProblemView, type ShowAsView, troubleOf, type Wish } from '../../lib/ipc'
import { type Choice, plain, readRule, writeRule } from './rule'

export type Group = 'title' | 'notes' | 'when' | 'zone' | 'repeat' | 'alarms' | 'show_as' | 'private' | 'category' | 'link' | 'list'

/** Fields that can hold what cannot be meant. */
export type Part = 'day' | 'time' | 'length' | 'interval' | 'count' | 'until' | 'alarm'

export interface Form {
  title: string
  notes: string
  day: string
  time: string
  allDay: boolean
  zone: string
  minutes: number
  choice: Choice
  alarms: number[]
  show_as: ShowAsView
  private: boolean
  category: string
  link: string
  list: string
}

/** In the order in which they are saved: a time before its zone. */
const GROUPS: Group[] = ['title', 'notes', 'when', 'zone', 'repeat', 'alarms', 'show_as', 'private', 'category', 'link', 'list']
/** What a person can say of a sourced reminder. */
const KEPT: Group[] = ['alarms', 'category', 'show_as', 'private']
/** What belongs to the whole series. */
const OF_SERIES: Group[] = ['repeat', 'list', 'link']
/** What a whole day has no use for, as it was before it became one. */
type Timed = Pick<Form, 'time' | 'zone' | 'minutes' | 'alarms'>
export const SAVE_AFTER_MS = 500

/** Spaces are tidied as they are saved, and nobody who is typing wants to see that. */
const tidy = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').trim()

const same = (some: readonly number[], others: readonly number[]): boolean => String([...some].sort((a, b) => a - b)) === String([...others].sort((a, b) => a - b))

export class Draft {
  readonly id: string
  /** The date that is edited; null is the whole reminder. */
  on = $state<string | null>(null)
  /** As the app has it. */
  opened = $state.raw<OpenedView | null>(null)
  /** As it is typed. */
  form = $state<Form>({ title: '', notes: '', day: '', time: '09:00', allDay: false, zone: '', minutes: 30, choice: plain('2000-01-01'), alarms: [], show_as: 'free', private: false, category: '', link: '', list: '' })
  errors = $state<Partial<Record<Group, ProblemView>>>({})
  /** What stands in a field and cannot be meant, so that nothing of it is sent: why, or nothing where it is only half typed. */
  wrong = $state<Partial<Record<Part, string>>>({})
  /** Why it cannot be shown. */
  missing = $state<ProblemView | null>(null)
  saving = $state(false)
  /** Something was typed that the app does not have yet. */
  unsaved = $state(false)
  /** The date of a series that done is said of while all of it is shown. */
  row = $state<string | null>(null)
  /** Whether the date that done is said of is done. */
  done = $state(false)
  /** Days that were changed or left out, and that the series does not come on any more since its day or rule was changed here. */
  gone = $state<string[]>([])
  /** Where the cursor is: what says the same as what is typed there does not replace it. */
  focused: Group | null = null
  private readonly door: Door
  /** What new reminders of its list get. */
  private readonly defaults: () => DefaultsView | undefined
  private readonly pending = new Set<Group>()
  /** Could not be saved, and nothing else was typed there since: tried again when a field is left, and when it is asked for. */
  private readonly refused = new Set<Group>()
  /** What is half typed as long as the cursor is in its field: a date changes with every digit. */
  private readonly typing = new Set<Group>()
  /** Is on its way: what the app has is not yet what was typed. */
  private readonly sent = new Set<Group>()
  /** Days that were changed or left out before a day or a rule was saved; those that do not come back are gone. */
  private fitted: string[] = []
  private timed: Timed | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private work: Promise<void> = Promise.resolve()
  private asked = 0
  private abandoned = false

  constructor(door: Door, id: string, on: string | null, defaults: () => DefaultsView | undefined = () => undefined, row: string | null = null) {
    this.door = door
    this.defaults = defaults
    this.id = id
    this.on = on
    this.row = row
  }

  /** It was removed elsewhere: nothing more can be saved. */
  get removed(): boolean {
    return this.missing?.code === 'unknown_name'
  }

  get failed(): boolean {
    return Object.keys(this.errors).length > 0 || Object.values(this.wrong).some(Boolean)
  }

  /** Something stands in a field that the app does not have. */
  get behind(): boolean {
    return this.unsaved || Object.keys(this.wrong).length > 0
  }

  /** Says what is wrong with a field, or with null that nothing is. */
  mark(part: Part, words: string | null): void {
    if (words === null) delete this.wrong[part]
    else this.wrong[part] = words
  }

  /** Whether a person can change this here, and now. */
  can(group: Group): boolean {
    const opened = this.opened
    if (!opened) return false
    if (opened.sourced) return this.on === null && KEPT.includes(group)
    return this.on === null || !OF_SERIES.includes(group)
  }

  /** Fetches it; what was typed and is not saved stays. */
  async load(): Promise<void> {
    this.asked += 1
    const asked = this.asked
    const isSettled = !this.saving
    try {
      const opened = await this.door.reminder(this.id, this.on)
      const marked = this.doneOf(opened)
      const done = typeof marked === 'boolean' ? marked : await marked
      if (asked !== this.asked) return
      this.opened = opened
      this.missDates(opened, isSettled)
      this.done = done
      this.missing = null
      for (const group of GROUPS) if (this.takes(group, opened)) this.take(group, opened)
    } catch (error) {
      if (asked === this.asked) this.missing = troubleOf(error).problem
    }
  }

  /** Names the days that a saved day or rule took with it, whichever answer of the app is the one that counts. What was asked for while something was on its way is not the last word. */
  private missDates(opened: OpenedView, isSettled: boolean): void {
    const missed = this.fitted.filter((on) => !opened.exceptions.some((one) => one.on === on))
    this.fitted = isSettled ? [] : this.fitted.filter((on) => !missed.includes(on))
    if (missed.length) this.gone = [...new Set([...this.gone, ...missed])]
  }

  /** The date that done is said of; null is a reminder that does not repeat. */
  get marks(): string | null {
    return this.on ?? (this.opened?.repeat ? this.row : null)
  }

  /** Whether that is done: the date of its row, else the next one. */
  private doneOf(opened: OpenedView): boolean | Promise<boolean> {
    if (this.on !== null || !opened.repeat) return opened.done
    const near = opened.next.find((one) => one.on === this.row)
    if (near) return near.done
    if (this.row !== null) return this.far(opened, this.row)
    this.row = opened.next.find((one) => !one.done)?.on ?? null
    return false
  }

  /** Of a date that is over; one that the series does not have any more gives way to the next. */
  private async far(opened: OpenedView, row: string): Promise<boolean> {
    const own = await this.door.reminder(this.id, row).catch(() => null)
    if (own) return own.done
    this.row = opened.next.find((one) => !one.done)?.on ?? null
    return false
  }

  /** Another date of it, or the whole series: what was typed is saved first. */
  async show(on: string | null): Promise<void> {
    await this.flush()
    if (this.failed) return
    this.on = on
    this.timed = null
    await this.load()
  }

  /** Whether what the app has stands for what is in the form: what was typed and is not saved is the person's. */
  private takes(group: Group, opened: OpenedView): boolean {
    if (this.pending.has(group) || this.sent.has(group) || this.errors[group]) return false
    return this.focused !== group || !this.says(group, opened)
  }

  /** Whether the form says the same already. */
  private says(group: Group, opened: OpenedView): boolean {
    if (group === 'repeat') return tidy(this.repeat()) === tidy(opened.repeat)
    const [typed, known] = [this.form[group as keyof Form], opened[group as keyof OpenedView]]
    return typeof typed === 'string' && (known === null || typeof known === 'string') && tidy(typed) === tidy(known)
  }

  private repeat(): string {
    return writeRule(this.form.choice, this.form.day, this.form.allDay)
  }

  private take(group: Group, opened: OpenedView): void {
    const { form } = this
    if (group === 'when') {
      form.allDay = opened.all_day
      form.day = opened.start.slice(0, 10)
      form.time = opened.all_day ? form.time : opened.start.slice(11, 16)
      form.minutes = opened.minutes
    } else if (group === 'zone') form.zone = opened.zone ?? ''
    else if (group === 'repeat') form.choice = readRule(opened.repeat, opened.start.slice(0, 10))
    else if (group === 'category') form.category = opened.category ?? ''
    else if (group === 'link') form.link = opened.link ?? ''
    // In the order in which they were typed, where they are the same: a field that is open stays with its alarm.
    else if (group === 'alarms') form.alarms = same(form.alarms, opened.alarms) ? form.alarms : [...opened.alarms]
    else Object.assign(form, { [group]: opened[group] })
  }

  /** Takes what was typed or chosen; it is saved after a moment, at once, or when the cursor has left its field. */
  set(group: Group, change: Partial<Form>, at: 'later' | 'now' | 'left' = 'later'): void {
    const { form } = this
    const was: Timed = { time: form.time, zone: form.zone, minutes: form.minutes, alarms: [...form.alarms] }
    const turns = change.allDay !== undefined && change.allDay !== form.allDay
    Object.assign(form, change)
    this.pending.add(group)
    this.refused.delete(group)
    this.unsaved = true
    if (turns) this.turn(form.allDay, was)
    if (at === 'left') {
      this.typing.add(group)
      return
    }
    this.typing.delete(group)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(new Set([...this.typing, ...this.refused])), at === 'now' ? 0 : SAVE_AFTER_MS)
  }

  /** Becomes a whole day, with the alarm that whole days get, or is put back to the time that it had. */
  private turn(allDay: boolean, was: Timed): void {
    if (allDay) {
      this.drop('zone')
      this.timed = was
    } else if (this.timed) Object.assign(this.form, this.timed)
    const alarms = allDay ? this.defaults()?.all_day_alarms : (this.timed?.alarms ?? this.defaults()?.alarms)
    if (!alarms || !this.can('alarms')) return
    this.form.alarms = [...alarms]
    this.pending.add('alarms')
  }

  /** A field that goes away takes what was wrong with it along. */
  private drop(group: Group): void {
    this.pending.delete(group)
    this.refused.delete(group)
    delete this.errors[group]
  }

  /** The cursor left a field. */
  leave(): void {
    this.focused = null
    // What came meanwhile is shown now.
    void this.flush().then(() => this.load())
  }

  /** Saves what is not saved yet, one after the other, but for what is left out. */
  flush(but: ReadonlySet<Group> = new Set()): Promise<void> {
    clearTimeout(this.timer)
    this.work = this.work.then(() => this.save(but))
    return this.work
  }

  private async save(but: ReadonlySet<Group>): Promise<void> {
    const groups = GROUPS.filter((one) => this.pending.has(one) && !but.has(one))
    if (groups.length === 0) return
    this.saving = true
    if (this.on === null && (groups.includes('when') || groups.includes('repeat'))) this.fitted = this.opened?.exceptions.map((one) => one.on) ?? []
    for (const group of groups) {
      this.pending.delete(group)
      this.typing.delete(group)
      this.sent.add(group)
      await this.saveOne(group)
      this.sent.delete(group)
      // What was asked for before may not know of it.
      this.asked += 1
    }
    this.saving = false
    this.unsaved = this.pending.size > 0
    await this.load()
  }

  private async saveOne(group: Group): Promise<void> {
    try {
      // An emptied zone is no wish: the one that it had stays.
      if (group !== 'zone' || this.form.zone) await this.door.edit(this.id, this.on, this.wish(group))
      delete this.errors[group]
    } catch (error) {
      this.errors[group] = troubleOf(error).problem
      if (this.abandoned) return
      // What was typed there meanwhile waits for its own turn.
      if (!this.pending.has(group)) this.refused.add(group)
      this.pending.add(group)
    }
  }

  /** What the app does not have, as it is typed: what a person would have to type again. */
  get lost(): Partial<Record<Group, string>> {
    if (!this.unsaved || this.abandoned) return {}
    const { form } = this
    const open = GROUPS.filter((one) => this.pending.has(one) || this.sent.has(one))
    const typed = (group: Group): string => {
      if (group === 'when') return form.allDay ? form.day : `${form.day} ${form.time}`
      if (group === 'repeat') return this.repeat()
      const value = form[group as keyof Form]
      return typeof value === 'string' ? value : ''
    }
    return Object.fromEntries(open.map((one) => [one, typed(one)]))
  }

  /** Who was asked wants to go without what is not saved. */
  abandon(): void {
    this.abandoned = true
    clearTimeout(this.timer)
    this.pending.clear()
    this.typing.clear()
    this.unsaved = false
  }

  private wish(group: Group): Wish {
    const { form, opened } = this
    switch (group) {
      case 'when':
        return {
          at: form.allDay ? form.day : `${form.day}T${form.time}`,
          // Days and minutes are not the same length. What has a time again has it in the zone and for as long as before.
          ...(opened?.all_day === form.allDay ? { minutes: form.minutes } : !form.allDay && this.timed ? { minutes: this.timed.minutes, zone: this.timed.zone } : {}),
        }
      case 'repeat':
        return { repeat: this.repeat() }
      case 'alarms':
        return { alarms: [...form.alarms] }
      default:
        return { [group]: form[group] }
    }
  }
}
