// What the views do with the room that they have.
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import App from './App.svelte'
import { fakeDoor, typicalSnapshot } from './lib/ipc/fake'

const styles = import.meta.glob<string>(['./**/*.svelte', './**/*.css'], { eager: true, query: '?raw', import: 'default' })
/** What is told of when a size changes. */
const told = new Map<Element, (entries: ResizeObserverEntry[]) => void>()
const sized = (one: Element, width: number) => told.get(one)?.([{ target: one, contentRect: { width, height: 600 } } as ResizeObserverEntry])

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class {
    constructor(private readonly tell: (entries: ResizeObserverEntry[]) => void) {}
    observe(one: Element) { told.set(one, this.tell) }
    unobserve() {}
    disconnect() {}
  })
})

async function open(view?: 'Month') {
  render(App, { props: { door: fakeDoor(typicalSnapshot()) } })
  if (view) await userEvent.click(await screen.findByRole('button', { name: view }))
}

describe('a view with little room', () => {
  it.each(['Agenda', 'Month'] as const)('gives marks for words: %s', async (name) => {
    await open(name === 'Month' ? name : undefined)
    const view = (await screen.findByRole(name === 'Month' ? 'grid' : 'region', name === 'Month' ? {} : { name })).closest('section') as HTMLElement
    await waitFor(() => expect(told.has(view)).toBe(true))
    sized(view, 900)
    await waitFor(() => expect(view).not.toHaveClass('narrow'))
    sized(view, 310)
    await waitFor(() => expect(view).toHaveClass('narrow'))
  })

  it('is not told so by a container query: WebKitGTK does not count the size of the page there', () => {
    expect(Object.entries(styles).filter(([, text]) => /@container\b|container-type/.test(text)).map(([path]) => path)).toEqual([])
  })
})

it('the chosen day of the month comes into the window, however it is reached', async () => {
  const shown: (string | undefined)[] = []
  Element.prototype.scrollIntoView = function (this: HTMLElement) { shown.push(this.dataset['day']) }
  await open('Month')
  await screen.findByRole('grid')
  await waitFor(() => expect(shown.at(-1)).toBe('2026-11-21'))
  await userEvent.click(screen.getByRole('button', { name: 'Next month' }))
  await waitFor(() => expect(shown.at(-1)).toBe('2026-12-21'))
  Reflect.deleteProperty(Element.prototype, 'scrollIntoView')
})

describe('a double click in the month', () => {
  const day = (on: string) => document.querySelector(`[data-day="${on}"]`) as HTMLElement

  it('adds to the day that was clicked first, whatever is under the pointer by then', async () => {
    await open('Month')
    await screen.findByRole('grid')
    await fireEvent.click(day('2026-11-18'), { detail: 1 })
    await fireEvent.click(day('2026-11-25'), { detail: 2 })
    await fireEvent.dblClick(day('2026-11-25'), { detail: 2 })
    await waitFor(() => expect(screen.getByLabelText('New reminder')).toHaveDisplayValue(/2026-11-18/))
    expect(day('2026-11-18')).toHaveAttribute('aria-selected', 'true')
  })

  it('on a reminder opens it and adds nothing', async () => {
    await open('Month')
    const [chip] = await screen.findAllByTitle(/Put the paper bin out/)
    await userEvent.dblClick(chip as HTMLElement)
    await screen.findByLabelText('Title')
    expect(screen.getByLabelText('New reminder')).toHaveValue('')
  })
})
