// Another list that comes first in the alphabet does not become the one that takes what names no list.
import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import App from '../../App.svelte'
import { fakeDoor, typicalSnapshot } from '../../lib/ipc/fake'
import { list } from '../../lib/ipc/fake/data'

/** As the app gives them: by name. */
function books(renamed = 'Reminders') {
  const home = typicalSnapshot()
  return fakeDoor({ ...home, lists: [list('l0', 'Books'), ...home.lists.map((one) => (one.id === 'l1' ? { ...one, name: renamed } : one))] })
}

it('is where a new reminder goes, whatever it is called', async () => {
  const user = userEvent.setup()
  for (const name of ['Reminders', 'To do']) {
    const door = books(name)
    const { unmount } = render(App, { props: { door } })
    await user.type(await screen.findByLabelText('New reminder'), 'Sweep tomorrow 9:00{Enter}')
    await screen.findByRole('button', { name: /^Sweep/ })
    expect((await door.snapshot()).agenda.find((row) => row.title === 'Sweep')?.list).toBe(name)
    unmount()
  }
})

it('is what the settings mean, and cannot be removed', async () => {
  const user = userEvent.setup()
  render(App, { props: { door: books('To do') } })
  await user.click(await screen.findByRole('button', { name: 'Settings' }))
  expect(await screen.findByRole('heading', { name: 'New reminders in To do' })).toBeInTheDocument()
  await user.click(screen.getByRole('button', { name: 'Lists' }))
  for (const [name, count] of [['To do', 0], ['Books', 1]] as const) {
    await user.click(await screen.findByRole('button', { name: `Details of ${name}` }))
    const details = within(await screen.findByRole('group', { name: `Details of ${name}` }))
    expect(details.queryAllByRole('button', { name: /^Remove the list/ })).toHaveLength(count)
  }
})
