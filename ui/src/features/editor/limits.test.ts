// What cannot be meant is not said to be saved: a sentence at the field, or what holds is there again when the field is left.
import { render, screen, waitFor } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import App from '../../App.svelte'
import { fakeDoor } from '../../lib/ipc/fake'

async function open(row: RegExp) {
  const user = userEvent.setup()
  const door = fakeDoor()
  const edit = vi.spyOn(door, 'edit')
  render(App, { props: { door } })
  await user.click(await screen.findByRole('button', { name: row }))
  await screen.findByLabelText('Title')
  const retype = async (field: HTMLElement, text: string) => {
    await user.clear(field)
    if (text) await user.type(field, text)
  }
  const status = (words: string) => waitFor(() => expect(document.querySelector('aside .status')).toHaveTextContent(words))
  return { user, door, edit, retype, status }
}

it('says the limit of an alarm at its field, and nothing once it is emptied', async () => {
  const { user, door, edit, retype, status } = await open(/Call the plumber/)
  await user.selectOptions(screen.getByLabelText('Alarm 1'), 'another time…')
  await user.selectOptions(screen.getByLabelText('Unit'), 'days')
  await status('Saved')
  const [saved] = (await door.reminder('r2', null)).alarms
  const many = screen.getByLabelText('How many')
  await retype(many, '99999999')
  expect(screen.getByRole('alert')).toHaveTextContent('at most ten years')
  expect(many).toBeInvalid()
  await status('Not all is saved')
  await user.clear(many)
  expect(screen.queryByRole('alert')).toBeNull()
  await status('Not saved yet')
  await user.tab()
  await status('Saved')
  expect(many).not.toHaveValue(null)
  expect((await door.reminder('r2', null)).alarms).toEqual([saved])
  expect(edit.mock.calls.every(([, , wish]) => (wish.alarms ?? []).every((one) => one <= 5_270_400))).toBe(true)
  await retype(many, '3')
  await user.tab()
  await status('Saved')
  expect((await door.reminder('r2', null)).alarms).toEqual([3 * 1440])
})

it.each(['0', '-5', '99999', '2.5'])('does not save every %s weeks, and says why', async (text) => {
  const { door, retype, status } = await open(/Put the paper bin out/)
  const every = screen.getByRole('spinbutton')
  await retype(every, text)
  await status('Not all is saved')
  expect(screen.getByRole('alert')).toHaveTextContent('A whole number from 1 to 999')
  await new Promise((done) => setTimeout(done, 700))
  expect((await door.reminder('r3', null)).repeat).not.toContain('INTERVAL')
  await retype(every, '3')
  await status('Saved')
  expect((await door.reminder('r3', null)).repeat).toContain('INTERVAL=3')
  expect(screen.queryByRole('alert')).toBeNull()
})

it('has the number, the date and the time again that hold, when their field is left empty', async () => {
  const { user, status } = await open(/Put the paper bin out/)
  const fields: [HTMLElement, string | number][] = [[screen.getByRole('spinbutton'), 1], [screen.getByLabelText('When'), '2026-11-24'], [screen.getByLabelText('Time'), '19:30']]
  for (const [field, value] of fields) {
    await user.clear(field)
    await status('Not saved yet')
    await user.tab()
    expect(field).toHaveValue(value)
    await status('Saved')
  }
})

it('says that one day of the week stays', async () => {
  const { user, edit } = await open(/Put the paper bin out/)
  const day = await screen.findByRole('button', { name: 'Tuesday' })
  await user.click(day)
  expect(day).toHaveAttribute('aria-pressed', 'true')
  expect(screen.getByRole('alert')).toHaveTextContent('At least one day of the week')
  expect(edit).not.toHaveBeenCalled()
  await user.click(screen.getByRole('button', { name: 'Friday' }))
  expect(screen.queryByRole('alert')).toBeNull()
  await user.click(day)
  await waitFor(() => expect(day).toHaveAttribute('aria-pressed', 'false'))
})
