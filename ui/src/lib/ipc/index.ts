import type { Door } from './door'
import { tauriDoor } from './tauri'

export * from './door'

/** The real door in the app; the fake one in a browser (`npm run dev`), which begins as the address says: `?many`, `?empty`, `?signing-in&density=compact`. */
export async function openDoor(): Promise<Door> {
  if (import.meta.env.MODE === 'fake') {
    const { fakeDoor, SCENES } = await import('./fake')
    const asked = new URLSearchParams(location.search)
    const scene = [...asked.keys()].map((name) => SCENES[name]).find(Boolean)
    return fakeDoor(scene?.(), { density: asked.get('density') === 'compact' ? 'compact' : 'comfortable' })
  }
  return tauriDoor()
}
