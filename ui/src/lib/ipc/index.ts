import type { Door } from './door'

export * from './door'

/** The real door in the app; the fake one in a browser (`npm run dev`; with `?many`, ten thousand reminders; with `?empty`, none). */
export async function openDoor(): Promise<Door> {
  if (import.meta.env.MODE === 'fake') {
    const { emptySnapshot, fakeDoor, largeSnapshot } = await import('./fake')
    if (location.search === '?many') return fakeDoor(largeSnapshot(10_000))
    return fakeDoor(location.search === '?empty' ? emptySnapshot() : undefined)
  }
  return (await import('./tauri')).tauriDoor()
}
