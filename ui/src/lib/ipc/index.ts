import type { Door } from './door'

export * from './door'

/** The real door in the app; the fake one in a browser (`npm run dev`; with `?many`, ten thousand reminders). */
export async function openDoor(): Promise<Door> {
  if (import.meta.env.MODE === 'fake') {
    const { fakeDoor, largeSnapshot } = await import('./fake')
    return fakeDoor(location.search === '?many' ? largeSnapshot(10_000) : undefined)
  }
  return (await import('./tauri')).tauriDoor()
}
