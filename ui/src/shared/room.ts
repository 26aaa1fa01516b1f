// How much room there is, in CSS pixels. A view measures what it has for itself: WebKitGTK does not count the size of the page in container queries, and what is
// beside a view is not in the width of the window, so no query in a style sheet knows.

/** Up to here words give way to marks. */
const NARROW = 560

export const isNarrow = (room: DOMRectReadOnly | undefined): boolean => room !== undefined && room.width <= NARROW

// As the frame has it: in a window up to here the editor lies over the view, and over everything.
const OVER_THE_VIEW = '(max-width: 960px)'
const OVER_EVERYTHING = '(max-width: 620px)'

export const isViewCovered = (): boolean => globalThis.matchMedia?.(OVER_THE_VIEW).matches ?? false

/** Tells whether an editor covers everything, now and whenever that changes; answers with how to stop. */
export function followCover(tell: (covers: boolean) => void): () => void {
  const query = globalThis.matchMedia?.(OVER_EVERYTHING)
  const again = () => tell(query?.matches ?? false)
  query?.addEventListener('change', again)
  again()
  return () => query?.removeEventListener('change', again)
}
