// The language of the window. Messages and formats ask for it while they are drawn, so that another one is seen at once and nothing that a person was at is lost.
import type { LanguageView } from '../ipc'
import { baseLocale, isLocale, type Locale, overwriteGetLocale } from '../paraglide/runtime'

/** Each named in itself: who is lost in another one has to find it. */
export const LANGUAGES = [
  ['en', 'English'], ['de', 'Deutsch'], ['fi', 'Suomi'], ['es', 'Español'], ['fr', 'Français'], ['ja', '日本語'],
] as const satisfies readonly (readonly [Locale, string])[]

let chosen = $state<LanguageView>('system')
/** What the system asks for, the dearest first. */
let asked = $state.raw<readonly string[]>(tags())

function tags(): readonly string[] {
  return globalThis.navigator?.languages ?? []
}

/** The language of a tag; of what is no tag, such as `C`, none. */
function languageOf(tag: string): string {
  try {
    return new Intl.Locale(tag).language
  } catch {
    return ''
  }
}

/** The first language of these that the window speaks. */
export const spoken = (all: readonly string[]): Locale => all.map(languageOf).find(isLocale) ?? baseLocale

/** The tag that dates and numbers are formed by: with the person's own region, where the system has one for the language. */
export function regional(locale: Locale, all: readonly string[]): string {
  return all.find((tag) => languageOf(tag) === locale) ?? locale
}

const locale = $derived(chosen === 'system' ? spoken(asked) : chosen)
const place = $derived(regional(locale, [Intl.DateTimeFormat().resolvedOptions().locale, ...asked]))

/** The language that is spoken. */
export const language = (): Locale => locale

/** The tag for `Intl`. */
export const formatTag = (): string => place

/** Speaks what a person chose, or what the system asks for now. */
export function speak(choice: LanguageView): void {
  chosen = choice
  asked = tags()
  document.documentElement.lang = locale
}

overwriteGetLocale(language)
