// Settings, and how the window looks because of them.
import type { Door, PreferencesView, SettingsView } from '../ipc'
import { speak } from './language.svelte'
import { sized, type Step } from './zoom'

type Shown = Pick<PreferencesView, 'theme' | 'density' | 'motion'>

const DARK = '(prefers-color-scheme: dark)'
const CONTRAST = '(prefers-contrast: more)'
const STILL = '(prefers-reduced-motion: reduce)'

const system = (query: string): boolean => globalThis.matchMedia?.(query).matches ?? false

/** The marks that the style sheet goes by. */
export function marks({ theme, density, motion }: Shown, is: (query: string) => boolean = system): Record<'theme' | 'density' | 'motion', string> {
  const own = is(CONTRAST) ? 'contrast' : is(DARK) ? 'dark' : 'light'
  return { theme: theme === 'system' ? own : theme, density, motion: motion === 'reduced' || is(STILL) ? 'reduced' : 'full' }
}

const SYSTEM: Shown = { theme: 'system', density: 'comfortable', motion: 'system' }

export class Look {
  settings = $state.raw<SettingsView | null>(null)
  private readonly door: Door
  private writing: Promise<void> = Promise.resolve()

  constructor(door: Door) {
    this.door = door
  }

  get compact(): boolean {
    return this.settings?.preferences.density === 'compact'
  }

  /** Follows settings and system; answers with how to stop. */
  follow(): () => void {
    const again = () => this.apply()
    const queries = [DARK, CONTRAST, STILL].map((query) => globalThis.matchMedia?.(query))
    queries.forEach((query) => query?.addEventListener('change', again))
    globalThis.addEventListener('languagechange', again)
    this.apply()
    void this.load()
    const stop = this.door.onChange(() => void this.load())
    return () => {
      stop()
      queries.forEach((query) => query?.removeEventListener('change', again))
      globalThis.removeEventListener('languagechange', again)
    }
  }

  async load(): Promise<void> {
    try {
      this.settings = await this.door.settings()
    } catch {
      // A file that cannot be read is said by whatever needs it; the window keeps the system's look.
    }
    this.apply()
  }

  /** Changes preferences: one change after the other, each of what the app has by then. What it refuses is thrown. */
  prefer(change: Partial<PreferencesView>): Promise<void> {
    return this.change(() => change)
  }

  /** Makes what is in the window larger or smaller; answers with its size in percent. */
  async zoom(step: Step): Promise<number> {
    let zoom = 0
    await this.change((now) => ({ zoom: (zoom = sized(now.zoom, step)) }))
    return zoom
  }

  private change(of: (now: PreferencesView) => Partial<PreferencesView>): Promise<void> {
    const work = this.writing.then(async () => {
      const { preferences } = await this.door.settings()
      await this.door.setPreferences({ ...preferences, ...of(preferences) })
    })
    this.writing = work.catch(() => {})
    return work
  }

  private apply(): void {
    Object.assign(document.documentElement.dataset, marks(this.settings?.preferences ?? SYSTEM))
    speak(this.settings?.preferences.language ?? 'system')
  }
}
