/** Where each item begins, and where the last ends. */
export function offsets(heights: readonly number[]): number[] {
  const all = [0]
  for (const height of heights) all.push((all.at(-1) ?? 0) + height)
  return all
}

/** The item at a place: the last that begins at or before it. */
export function itemAt(starts: readonly number[], top: number): number {
  let [low, high] = [0, Math.max(0, starts.length - 2)]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= top) low = middle
    else high = middle - 1
  }
  return low
}

/** Items to draw, the one with the cursor among them wherever it is. */
export function drawn(starts: readonly number[], top: number, room: number, beyond: number, keep: number): number[] {
  const count = starts.length - 1
  if (count <= 0) return []
  const first = Math.max(0, itemAt(starts, top) - beyond)
  const last = Math.min(count - 1, itemAt(starts, top + room) + beyond)
  const all = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  if (keep >= 0 && keep < first) all.unshift(keep)
  if (keep > last && keep < count) all.push(keep)
  return all
}
