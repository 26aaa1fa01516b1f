// How much room a view has for itself, in CSS pixels. A view measures it: WebKitGTK does not count the size of the page in container queries, and what is
// beside a view is not in the width of the window, so no query in a style sheet knows.

/** Up to here words give way to marks. */
const NARROW = 560

export const isNarrow = (room: DOMRectReadOnly | undefined): boolean => room !== undefined && room.width <= NARROW
