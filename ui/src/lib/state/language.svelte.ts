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
  // A system that speaks another language has American English behind it, which says nothing of where the person lives.
  const own = all.find((tag, place) => languageOf(tag) === locale && (place === 0 || !AMERICAN.has(tag)))
  if (own) return own
  const region = all.map(regionOf).find(Boolean)
  return locale === 'en' && region ? `en-${region}` : locale
}

const AMERICAN = new Set(['en', 'en-US'])

/** Where a tag is from, as far as it says so or its language does. */
function regionOf(tag: string): string {
  try {
    return new Intl.Locale(tag).maximize().region ?? ''
  } catch {
    return ''
  }
}

/** The tag itself, where there are formats for it; else English as most of the world writes it, with the hours of the region. */
export function formed(tag: string): string {
  if (languageOf(tag) !== 'en' || new Intl.DateTimeFormat(tag).resolvedOptions().locale !== 'en' || regionOf(tag) === 'US') return tag
  const here = new Intl.Locale(tag) as Intl.Locale & { hourCycles?: string[]; getHourCycles?: () => string[] }
  return `en-GB-u-hc-${(here.getHourCycles?.() ?? here.hourCycles)?.[0] ?? 'h23'}`
}

const locale = $derived(chosen === 'system' ? spoken(asked) : chosen)
const place = $derived(regional(locale, [Intl.DateTimeFormat().resolvedOptions().locale, ...asked]))
const format = $derived(formed(place))

/** The language that is spoken. */
export const language = (): Locale => locale

/** The tag for `Intl`. */
export const formatTag = (): string => format

/** Where the person lives, for what formats do not hold: the first day of the week. */
export const placeTag = (): string => place

/** Speaks what a person chose, or what the system asks for now. */
export function speak(choice: LanguageView): void {
  chosen = choice
  asked = tags()
  document.documentElement.lang = locale
}

overwriteGetLocale(language)
