// How large what is in the window is. The app enlarges the page as a whole: fewer CSS pixels are left of the window then, and the layout goes by those.

/** In percent; the app takes any between the first and the last. */
export const SIZES = [50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200]
const USUAL = 100

export type Step = 'larger' | 'smaller' | 'usual'

/** The next size; at either end it stays. */
export function sized(now: number, step: Step): number {
  if (step === 'usual') return USUAL
  const next = step === 'larger' ? SIZES.find((one) => one > now) : SIZES.findLast((one) => one < now)
  return next ?? now
}

type Key = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** What keys ask for, on any layout: a plus may need Shift or share its key with "=", and a French 0 is typed with Shift. */
export function stepOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Key): Step | null {
  // AltGr comes as Ctrl and Alt.
  if (!(ctrlKey || metaKey) || altKey) return null
  if (key === '+' || (key === '=' && !shiftKey)) return 'larger'
  if (key === '-') return 'smaller'
  return key === '0' || (code === 'Digit0' && !shiftKey) ? 'usual' : null
}

/** So far a wheel is turned for one step: less than a notch of any mouse. Fingers on a pad come in many small turns. */
const NOTCH = 40

/** Follows the wheel while Ctrl is held; answers with how to stop. */
export function followWheel(onstep: (step: Step) => void): () => void {
  let turned = 0
  const turn = (event: WheelEvent) => {
    if (!event.ctrlKey) return
    event.preventDefault()
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : NOTCH
    turned = Math.sign(event.deltaY) === Math.sign(turned) ? turned + event.deltaY * lines : event.deltaY * lines
    if (Math.abs(turned) < NOTCH) return
    onstep(turned < 0 ? 'larger' : 'smaller')
    turned = 0
  }
  // A browser lets nobody prevent what it was not told of before.
  window.addEventListener('wheel', turn, { passive: false })
  return () => window.removeEventListener('wheel', turn)
}
