// Where the cursor is when another view is shown by its key: on what the view is about, and never in a field that would take the next key.
import { render, screen, waitFor } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import App from './App.svelte'
import { emptySnapshot, fakeDoor } from './lib/ipc/fake'

const at = (role: string, name: string | RegExp) => waitFor(() => expect(screen.getByRole(role, { name })).toHaveFocus())

it('is on the heading, the day or the row, and keys are keys', async () => {
  const user = userEvent.setup()
  const door = fakeDoor()
  const set = vi.spyOn(door, 'setPreferences')
  render(App, { props: { door } })
  await user.click(await screen.findByRole('button', { name: /Call the plumber/ }))
  await screen.findByLabelText('Title')
  await user.keyboard('{Escape}')
  await at('button', /Call the plumber/)
  for (const [key, heading] of [['6', 'Settings'], ['3', 'Lists'], ['4', 'Activity'], ['5', 'Accounts']] as const) {
    await user.keyboard(key)
    await at('heading', heading)
  }
  await user.keyboard('4x')
  expect(await screen.findByRole('searchbox')).toHaveValue('')
  await user.keyboard('2')
  await at('gridcell', /November 21/)
  await user.keyboard('{ArrowRight}')
  await at('gridcell', /November 22/)
  await user.keyboard('1')
  await at('button', /Return the library books/)
  expect(set).not.toHaveBeenCalled()
})

it('is on a heading where there are no rows', async () => {
  const user = userEvent.setup()
  render(App, { props: { door: fakeDoor(emptySnapshot()) } })
  await screen.findByRole('heading', { name: 'Welcome to Belfry' })
  await user.keyboard('6')
  await at('heading', 'Settings')
  await user.keyboard('1')
  await at('heading', 'Welcome to Belfry')
})

it('goes from the field for new ones down to the rows, and what was typed stays', async () => {
  const user = userEvent.setup()
  render(App, { props: { door: fakeDoor() } })
  const field = await screen.findByLabelText('New reminder')
  for (const key of ['{Escape}', '{ArrowDown}']) {
    await user.clear(field)
    await user.type(field, `Sweep${key}`)
    await at('button', /Return the library books/)
    expect(field).toHaveValue('Sweep')
  }
  await user.click(screen.getByRole('button', { name: 'Month' }))
  await user.type(screen.getByLabelText('New reminder'), '{ArrowDown}')
  await at('gridcell', /November 21/)
})
