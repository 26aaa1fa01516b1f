import { describe, expect, it, vi } from 'vitest'
import { fakeDoor } from '../../lib/ipc/fake'
import { Draft } from './draft.svelte'
import { readRule } from './rule'

async function open(id: string, on: string | null = null) {
  const door = fakeDoor()
  const draft = new Draft(door, id, on)
  await draft.load()
  return { door, draft }
}

describe('a draft', () => {
  it('saves what was typed once, after a moment', async () => {
    const { door, draft } = await open('r2')
    const edit = vi.spyOn(door, 'edit')
    for (const title of ['C', 'Ca', 'Call Ben']) draft.set('title', { title })
    await draft.flush()
    expect(edit.mock.calls).toEqual([['r2', null, { title: 'Call Ben' }]])
    expect(draft.opened?.title).toBe('Call Ben')
  })

  it('keeps what was typed and says why it is not saved', async () => {
    const { draft } = await open('r2')
    draft.set('title', { title: '  ' })
    draft.set('link', { link: 'javascript:alert(1)' })
    draft.set('category', { category: 'Home' })
    await draft.flush()
    expect(draft.form.link).toBe('javascript:alert(1)')
    expect(draft.errors.link?.detail).toContain('not a web address')
    expect(draft.errors.title?.detail).toContain('title')
    expect(draft.opened?.category).toBe('Home')
    draft.set('link', { link: 'https://example.org' })
    await draft.flush()
    expect(draft.errors.link).toBeUndefined()
  })

  it('replaces nothing under the cursor', async () => {
    const { draft } = await open('r2')
    draft.focused = 'title'
    draft.set('title', { title: 'Call Ben ' })
    await draft.flush()
    expect(draft.form.title).toBe('Call Ben ')
    draft.leave()
    await draft.load()
    expect(draft.form.title).toBe('Call Ben')
  })

  it('edits one date of a series by itself', async () => {
    const { door, draft } = await open('r3', '2026-12-01')
    expect(draft.can('repeat')).toBe(false)
    draft.set('title', { title: 'Put both bins out' })
    await draft.flush()
    expect((await door.reminder('r3', '2026-12-01')).title).toBe('Put both bins out')
    expect((await door.reminder('r3', null)).title).toBe('Put the paper bin out')
    await draft.show(null)
    expect(draft.form.title).toBe('Put the paper bin out')
  })

  it('names the dates that had words of their own and are gone with another rule', async () => {
    const { door, draft } = await open('r3')
    await door.leaveOut('r3', '2026-12-01')
    await door.edit('r3', '2026-12-08', { title: 'Put both bins out' })
    await draft.load()
    draft.set('notes', { notes: 'The blue one' })
    await draft.flush()
    expect(draft.gone).toEqual([])
    draft.set('repeat', { choice: readRule('FREQ=WEEKLY;BYDAY=TU;INTERVAL=2', '2026-11-24') })
    await draft.flush()
    expect(draft.gone).toEqual(['2026-12-01'])
    expect(draft.opened?.exceptions.map((one) => one.on)).toEqual(['2026-12-08'])
  })

  it('names those dates also where the app tells of the change while it is saved', async () => {
    const { door, draft } = await open('r3')
    await door.leaveOut('r3', '2026-12-01')
    await door.leaveOut('r3', '2026-12-15')
    await draft.load()
    // As in the window: every change asks for the reminder anew, and the app's words come late.
    const slow = door.reminder
    vi.spyOn(door, 'reminder').mockImplementation(async (id, on) => { await new Promise((later) => setTimeout(later, 5)); return slow(id, on) })
    door.onChange(() => { void draft.load(); setTimeout(() => void draft.load(), 2); setTimeout(() => void draft.load(), 9) })
    draft.set('when', { time: '20:00' })
    draft.set('repeat', { choice: readRule('FREQ=WEEKLY;BYDAY=TU;INTERVAL=2', '2026-11-24') })
    await draft.flush()
    await vi.waitFor(() => expect(draft.gone).toEqual(['2026-12-01', '2026-12-15']))
    // Said once, whatever is changed after that.
    draft.set('when', { time: '21:00' })
    await draft.flush()
    await new Promise((later) => setTimeout(later, 30))
    expect(draft.gone).toEqual(['2026-12-01', '2026-12-15'])
  })

  it('lets of a sourced one be changed only what is the person\u2019s own', async () => {
    const { draft } = await open('r5')
    expect(['title', 'notes', 'when', 'repeat', 'link', 'list'].some((group) => draft.can(group as 'title'))).toBe(false)
    expect(['alarms', 'category', 'show_as', 'private'].every((group) => draft.can(group as 'alarms'))).toBe(true)
  })

  it('says of a wrong zone that it is the zone, and saves the time beside it', async () => {
    const { draft } = await open('r2')
    draft.set('zone', { zone: 'mars' }, 'now')
    draft.set('when', { time: '15:30' })
    await draft.flush()
    expect(draft.errors.zone?.detail).toContain('not a time zone')
    expect(draft.errors.when).toBeUndefined()
    expect(draft.opened).toMatchObject({ start: '2026-11-21T15:30:00', zone: 'Europe/Berlin' })
    expect(draft.form.zone).toBe('mars')
    draft.set('zone', { zone: 'Asia/Tokyo' }, 'now')
    await draft.flush()
    expect(draft.errors.zone).toBeUndefined()
    expect(draft.opened).toMatchObject({ start: '2026-11-21T15:30:00', zone: 'Asia/Tokyo' })
  })

  it('has no zone to be wrong about on a whole day, and an emptied one is what it was', async () => {
    const { draft } = await open('r2')
    draft.set('zone', { zone: '' }, 'now')
    await draft.flush()
    expect(draft.form.zone).toBe('Europe/Berlin')
    draft.set('zone', { zone: 'mars' }, 'now')
    await draft.flush()
    draft.set('when', { allDay: true }, 'now')
    await draft.flush()
    expect(draft.failed).toBe(false)
  })

  it('gives another kind of day its own length', async () => {
    const { draft } = await open('r2')
    draft.set('when', { allDay: true }, 'now')
    await draft.flush()
    expect(draft.opened).toMatchObject({ start: '2026-11-21', all_day: true, minutes: 1440, zone: null })
  })

  it('shows what came from Outlook where only the cursor is, and leaves alone what was typed', async () => {
    const { door, draft } = await open('r2')
    draft.focused = 'title'
    await door.edit('r2', null, { title: 'Call Ada' })
    await draft.load()
    expect(draft.form.title).toBe('Call Ada')
    draft.set('title', { title: 'Call Ada, then Ben' })
    await door.edit('r2', null, { title: 'Call nobody', notes: 'From Outlook' })
    await draft.load()
    expect(draft.form).toMatchObject({ title: 'Call Ada, then Ben', notes: 'From Outlook' })
    await draft.flush()
    expect(draft.opened?.title).toBe('Call Ada, then Ben')
  })

  it('shows what came meanwhile when the cursor leaves', async () => {
    const { door, draft } = await open('r2')
    draft.focused = 'notes'
    await door.edit('r2', null, { notes: 'From Outlook' })
    draft.leave()
    await vi.waitFor(() => expect(draft.form.notes).toBe('From Outlook'))
  })

  it('is not put back to what was known before, while it is saved', async () => {
    const { door, draft } = await open('r2')
    const old = await door.reminder('r2', null)
    const edit = vi.spyOn(door, 'edit').mockImplementationOnce(async () => {
      // Something else changed just now, and this is asked for in the middle of saving.
      await draft.load()
      expect(draft.form.title).toBe('Call Ben')
    })
    draft.set('title', { title: 'Call Ben' })
    vi.spyOn(door, 'reminder').mockResolvedValue({ ...old, title: 'Call Ben' }).mockResolvedValueOnce(old)
    await draft.flush()
    expect(edit).toHaveBeenCalledOnce()
    expect(draft.form.title).toBe('Call Ben')
  })

  it('has its time, zone, length and alarms again when it is no whole day after all', async () => {
    const door = fakeDoor()
    const draft = new Draft(door, 'r2', null, () => ({ zone: null, alarms: [5], all_day_alarms: [900], show_as: 'free' }))
    await draft.load()
    draft.set('zone', { zone: 'Asia/Tokyo' })
    draft.set('alarms', { alarms: [30, 60] })
    draft.set('when', { minutes: 45 })
    await draft.flush()
    draft.set('when', { allDay: true }, 'now')
    await draft.flush()
    expect(draft.opened).toMatchObject({ all_day: true, zone: null, alarms: [900], minutes: 1440 })
    draft.set('when', { allDay: false }, 'now')
    await draft.flush()
    expect(draft.opened).toMatchObject({ start: '2026-11-21T14:30:00', zone: 'Asia/Tokyo', alarms: [30, 60], minutes: 45 })
    expect(draft.form).toMatchObject({ time: '14:30', zone: 'Asia/Tokyo', minutes: 45 })
  })
})
