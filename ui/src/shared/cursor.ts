// Where the cursor is when what had it goes: never nowhere. What opens in its place gets it, and gives it back as it closes.
import { tick } from 'svelte'
import type { Attachment } from 'svelte/attachments'

const FOCUSABLE = 'button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, a[href], [tabindex="0"]'

/** A control, and where it stood: its place among its siblings, and theirs, outwards. */
interface Used {
  control: HTMLElement
  name: string
  path: { around: Element; at: number }[]
}

/** What a person used last. */
let used: Used | null = null

const isLost = () => document.activeElement === null || document.activeElement === document.body
const nameOf = (one: Element): string => (one.getAttribute('aria-label') ?? one.textContent ?? '').trim()
const canFocus = (one: Element): one is HTMLElement => one instanceof HTMLElement && one.matches(FOCUSABLE)

function use(target: EventTarget | null): void {
  const control = target instanceof Element ? target.closest<HTMLElement>(FOCUSABLE) : null
  if (!control) return
  const path: Used['path'] = []
  for (let one: Element = control; one.parentElement; one = one.parentElement) path.push({ around: one.parentElement, at: [...one.parentElement.children].indexOf(one) })
  used = { control, name: nameOf(control), path }
}

/** The control itself, else the one of its name that stands there now, else what is next to where it was. */
function heir({ control, name, path }: Used): HTMLElement | undefined {
  if (control.isConnected && canFocus(control)) return control
  const left = path.filter(({ around }) => around.isConnected)
  const namesake = [...(left[0]?.around.querySelectorAll(FOCUSABLE) ?? [])].filter(canFocus).find((one) => nameOf(one) === name)
  if (namesake) return namesake
  for (const { around, at } of left) {
    const [before, after] = [[...around.children].slice(0, at).reverse(), [...around.children].slice(at)]
    const next = [...after, ...before].flatMap((one) => (canFocus(one) ? [one] : [...one.querySelectorAll(FOCUSABLE)])).find(canFocus)
    if (next) return next
  }
  return undefined
}

/** Watches a part of the window: where the control with the cursor goes, what is there now has it. */
export const keepsCursor: Attachment<HTMLElement> = (part) => {
  const note = (event: Event) => use(event.target)
  // A click gives a button the cursor on most desktops, and not on all.
  for (const name of ['focusin', 'click']) part.addEventListener(name, note, true)
  let stopped: HTMLElement | null = null
  const watching = new MutationObserver(() => {
    const control = used?.control
    if (!used || !control || !used.path.some(({ around }) => around === part)) return
    if (control.matches(':disabled')) stopped = control
    // Who knows better where to go does it first.
    else if (!control.isConnected || stopped === control) setTimeout(() => land(control), 0)
  })
  watching.observe(part, { childList: true, subtree: true, attributeFilter: ['disabled'] })
  function land(control: HTMLElement) {
    stopped = null
    if (isLost() && used?.control === control) heir(used)?.focus()
  }
  return () => {
    watching.disconnect()
    for (const name of ['focusin', 'click']) part.removeEventListener(name, note, true)
  }
}

/** Something that opened beside or below its button: it gets the cursor as a whole, so that nothing in it is pressed unseen, and comes into view. */
export const opened: Attachment<HTMLElement> = (panel) => {
  const from = used
  panel.tabIndex = -1
  void tick().then(() => {
    if (!panel.isConnected || panel.contains(document.activeElement)) return
    panel.focus({ preventScroll: true })
    panel.scrollIntoView?.({ block: 'nearest' })
  })
  return () => {
    const had = panel.contains(document.activeElement)
    void tick().then(() => {
      if (from && (had || isLost()) && isLost()) heir(from)?.focus()
    })
  }
}
