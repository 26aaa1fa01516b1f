// What was understood can be corrected where it is shown.
import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import App from '../../App.svelte'
import { fakeDoor } from '../../lib/ipc/fake'

async function typed(words: string) {
  const user = userEvent.setup()
  render(App, { props: { door: fakeDoor() } })
  const field = await screen.findByLabelText<HTMLInputElement>('New reminder')
  await user.type(field, words)
  return { user, field }
}

it('selects the words of a chip in the field, to be typed over', async () => {
  const { user, field } = await typed('Sweep tomorrow 9:00')
  ;(await screen.findByRole('button', { name: 'Change tomorrow' })).focus()
  await user.keyboard('{Enter}')
  expect(field).toHaveFocus()
  expect(field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0)).toBe('tomorrow')
  await user.keyboard('today')
  expect(field).toHaveValue('Sweep today 9:00')
  expect(await screen.findByRole('button', { name: 'Change today' })).toBeInTheDocument()
})

it('takes the words of a chip out', async () => {
  const { user, field } = await typed('Sweep tomorrow 9:00')
  await user.click(await screen.findByRole('button', { name: 'Remove tomorrow' }))
  await waitFor(() => expect(field).toHaveValue('Sweep 9:00'))
  expect(field).toHaveFocus()
  expect(screen.queryByRole('button', { name: 'Change tomorrow' })).toBeNull()
  expect(screen.getByRole('button', { name: 'Change 9:00' })).toBeInTheDocument()
})

it('is heard without its buttons', async () => {
  const { field } = await typed('Sweep tomorrow 9:00')
  await waitFor(() => expect(field).toHaveAccessibleDescription(/^Sweep, date tomorrow, time 9:00, /))
})

it('keeps what was typed and not added, also over its window', async () => {
  const { user, field } = await typed('Sweep tomorrow 9:00')
  await user.click(screen.getByRole('button', { name: /^Settings/ }))
  await user.click(screen.getByRole('button', { name: /^Agenda/ }))
  expect(field.isConnected).toBe(false)
  expect(screen.getByLabelText('New reminder')).toHaveValue('Sweep tomorrow 9:00')
  cleanup()
  render(App, { props: { door: fakeDoor() } })
  const again = await screen.findByLabelText('New reminder')
  expect(again).toHaveValue('Sweep tomorrow 9:00')
  await screen.findByRole('button', { name: 'Change tomorrow' })
  await user.type(again, '{Enter}')
  await waitFor(() => expect(again).toHaveValue(''))
  cleanup()
  render(App, { props: { door: fakeDoor() } })
  expect(await screen.findByLabelText('New reminder')).toHaveValue('')
})

// Of what is far too long nothing is read: all of it is counted.
it.each([300, 4800])('says of %i letters how many they are, does not show them all again, and adds nothing', async (count) => {
  const user = userEvent.setup()
  const door = fakeDoor()
  const add = vi.spyOn(door, 'add')
  render(App, { props: { door } })
  const field = await screen.findByLabelText<HTMLInputElement>('New reminder')
  await user.click(field)
  await user.paste(`${'x'.repeat(count)} tomorrow`)
  const alert = await screen.findByRole('alert')
  await waitFor(() => expect(alert).toHaveTextContent(`${count === 300 ? '300' : '4,809'} characters, and Outlook holds at most 255`))
  await user.keyboard('{Enter}')
  expect(add).not.toHaveBeenCalled()
  expect(document.querySelector('form')?.textContent?.length).toBeLessThan(1000)
  expect(field.value).toHaveLength(count + ' tomorrow'.length)
})

it('asks one question at a time, and then for the newest of what was typed meanwhile', async () => {
  const user = userEvent.setup()
  const door = fakeDoor()
  const asked: string[] = []
  let answer: () => void = () => {}
  const slow = { ...door, understand: async (words: string) => { asked.push(words); await new Promise<void>((done) => (answer = done)); return door.understand(words) } }
  render(App, { props: { door: slow } })
  await user.type(await screen.findByLabelText('New reminder'), 'Sweep tomorrow 9:00')
  expect(asked).toEqual(['S'])
  answer()
  await waitFor(() => expect(asked).toEqual(['S', 'Sweep tomorrow 9:00']))
  answer()
  expect(await screen.findByRole('button', { name: 'Change tomorrow' })).toBeInTheDocument()
  expect(asked).toHaveLength(2)
})

it('asks nothing about what is far too long', async () => {
  const user = userEvent.setup()
  const door = fakeDoor()
  const asked = vi.spyOn(door, 'understand')
  render(App, { props: { door } })
  await user.click(await screen.findByLabelText('New reminder'))
  await user.paste('word '.repeat(20_000))
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('characters, and Outlook holds at most 255'))
  expect(asked).not.toHaveBeenCalled()
})

describe('a list that was chosen for some words', () => {
  async function chosen() {
    const user = userEvent.setup()
    const door = fakeDoor()
    const added: (string | null)[] = []
    render(App, { props: { door: { ...door, add: (words, into) => (added.push(into), door.add(words, into)) } } })
    const field = await screen.findByLabelText('New reminder')
    await user.type(field, 'Buy milk tomorrow')
    await user.selectOptions(await within(field.closest('form') as HTMLElement).findByRole('combobox'), 'Household')
    return { user, field, added }
  }

  it('is for these', async () => {
    const { user, field, added } = await chosen()
    await user.type(field, ' 9:00{Enter}')
    await waitFor(() => expect(added).toEqual(['Household']))
    await waitFor(() => expect(field).toHaveValue(''))
    await user.type(field, 'Post letter tomorrow{Enter}')
    await waitFor(() => expect(added).toEqual(['Household', 'Reminders']))
  })

  it('is for no others', async () => {
    const { user, field, added } = await chosen()
    await user.clear(field)
    await user.type(field, 'Post letter tomorrow{Enter}')
    await waitFor(() => expect(added).toEqual(['Reminders']))
  })

  it('gives way to the list that is shown next', async () => {
    const { user, field, added } = await chosen()
    await user.click(within(screen.getByRole('navigation', { name: 'Views' })).getByRole('button', { name: /^Reminders/ }))
    await user.type(field, '{Enter}')
    await waitFor(() => expect(added).toEqual(['Reminders']))
  })
})
