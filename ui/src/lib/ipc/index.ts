import type { Door } from './door'

export * from './door'

/** The real door in the app; the fake one in a browser (`npm run dev`). */
export async function openDoor(): Promise<Door> {
  if (import.meta.env.MODE === 'fake') return (await import('./fake')).fakeDoor()
  return (await import('./tauri')).tauriDoor()
}
