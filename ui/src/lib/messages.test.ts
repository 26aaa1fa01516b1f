import { describe, expect, it } from 'vitest'

type Plural = [{ declarations: string[]; selectors: string[]; match: Record<string, string> }]
type Catalogue = Record<string, string | Plural>

const files = import.meta.glob<Catalogue>('../../messages/**/*.json', { eager: true, import: 'default' })
const LANGUAGES = ['en', 'de', 'fi', 'es', 'fr', 'ja'] as const
type Language = (typeof LANGUAGES)[number]
const catalogue = (language: Language): Catalogue =>
  Object.assign({}, ...Object.entries(files).filter(([path]) => path.endsWith(`/${language}.json`)).map(([, messages]) => messages)) as Catalogue
const raw = import.meta.glob<string>('../../messages/**/*.json', { eager: true, query: '?raw', import: 'default' })
const english = catalogue('en')
const others = LANGUAGES.filter((language) => language !== 'en')

const texts = (message: string | Plural): string[] => (typeof message === 'string' ? [message] : Object.values(message[0].match))
const marks = (message: string | Plural): string[] => [...new Set(texts(message).flatMap((text) => text.match(/\{[^}]*\}/g) ?? []))].sort()
const inputs = (message: string | Plural): string[] => (typeof message === 'string' ? [] : [...message[0].declarations].sort())
/** What is to be translated: words, without what is put in, and without names. */
const words = (text: string): string => text.replace(/\{[^}]*\}/g, '').replace(/Belfry|Outlook|Microsoft|Ki?B/g, '').replace(/[^\p{L}]/gu, '')

const KEYS = ['Alt', 'Ctrl', 'Delete', 'End', 'Enter', 'Escape', 'Home', 'Page Down', 'Page Up']
/** Words that a language has in common with English. */
const SHARED: Record<Language, string[]> = {
  en: [], ja: KEYS,
  de: [...KEYS, 'Alarm', 'Alarm {n}', 'Details', 'Link', 'Agenda', 'in Outlook', 'In Outlook', 'Feed', 'Name', 'Code', 'System', 'Plan'],
  fi: [...KEYS, 'Agenda'],
  es: [...KEYS, 'Agenda', 'Personal', 'Plan', 'no'],
  fr: [...KEYS, 'Agenda', 'Code', 'Notes', 'notes', 'date', 'Date', 'minutes', 'Horizon', 'Source', 'Plan'],
}

// Of two of one name the first would never be seen.
it.each(Object.entries(raw))('%s has each name once', (_, text) => {
  const names = [...text.matchAll(/^ {2}"(\w+)":/gm)].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(5)
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

describe.each(others)('the messages in %s', (language) => {
  const messages = catalogue(language)
  const each = (wrong: (key: string, message: string | Plural, base: string | Plural) => boolean) =>
    Object.entries(messages).filter(([key, message]) => wrong(key, message, english[key] ?? '')).map(([key]) => key)

  it('are all there, and no others', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(english).sort())
  })
  it('take in what the English ones do', () => {
    expect(each((_, message, base) => String(marks(message)) !== String(marks(base)) || String(inputs(message)) !== String(inputs(base)))).toEqual([])
  })
  it('are said in that language', () => {
    const same = (text: string, base: string[]) => base.includes(text) && words(text) !== '' && !SHARED[language].includes(text)
    expect(each((_, message, base) => texts(message).some((text) => same(text, texts(base))))).toEqual([])
  })
})

describe.each(LANGUAGES)('the plurals in %s', (language) => {
  const plurals = Object.entries(catalogue(language)).filter((one): one is [string, Plural] => typeof one[1] !== 'string')

  it('have a form for every number', () => {
    const rules = new Intl.PluralRules(language)
    for (const [key, [{ match, selectors }]] of plurals) {
      const forms = Object.keys(match).map((form) => form.replace('plural=', ''))
      expect(selectors, key).toEqual(['plural'])
      // `*` is the last resort: without it a number that has no form would be shown as the key.
      expect(forms.at(-1), key).toBe('*')
      expect(forms.includes('one'), key).toBe(rules.select(1) === 'one')
      expect(forms.filter((form) => form !== '*' && !rules.resolvedOptions().pluralCategories.includes(form as Intl.LDMLPluralRule)), key).toEqual([])
    }
  })
})
