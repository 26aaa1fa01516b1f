import { describe, expect, it } from 'vitest'

const pages = import.meta.glob<string>('../**/*.svelte', { eager: true, query: '?raw', import: 'default' })
const modules = import.meta.glob<string>(['../**/*.ts', '!../**/*.test.ts', '!../lib/ipc/fake/**', '!../lib/ipc/bindings.ts', '!../lib/paraglide/**'], { eager: true, query: '?raw', import: 'default' })

const without = (text: string, ...patterns: RegExp[]): string => patterns.reduce((left, pattern) => left.replace(pattern, ' '), text)

/** The page without what is computed: everything in braces goes. */
function literal(page: string): string {
  let depth = 0
  return [...without(page, /<script[\s\S]*?<\/script>/g, /<style[\s\S]*?<\/style>/g, /<!--[\s\S]*?-->/g)]
    .filter((letter) => {
      if (letter === '{') depth += 1
      const outside = depth === 0
      if (letter === '}') depth -= 1
      return outside
    })
    .join('')
}

/** Words that stand in a page, or in an attribute that is read to a person. */
function bare(page: string): string[] {
  const text = literal(page)
  const said = [...text.matchAll(/\b(?:aria-label|title|placeholder|alt|label|hint|action|more)="([^"]*)"/g)].map((found) => found[1] ?? '')
  return [...said, ...without(text, /<[^>]*>/g).split('\n')].map((one) => one.trim()).filter((one) => /\p{L}{2}/u.test(one))
}

/** Sentences in the code. */
function sentences(code: string): string[] {
  const bareCode = without(code, /<!--[\s\S]*?-->/g, /\/\*[\s\S]*?\*\//g, /(^|\s)\/\/.*$/gm, /^import .*$/gm)
  return [...bareCode.matchAll(/(['"`])([A-Z]\p{L}+,? \p{Ll}[^'"`]*)\1/gu)].map((found) => found[2] ?? '')
}

describe('words that a person sees', () => {
  it.each(Object.entries(pages))('come from the catalogue in %s', (_, page) => {
    expect(bare(page).filter((one) => one !== 'https://')).toEqual([])
    expect(sentences(page)).toEqual([])
  })
  it('come from the catalogue in the code', () => {
    expect(Object.entries(modules).flatMap(([path, code]) => sentences(code).map((one) => `${path}: ${one}`))).toEqual([])
  })
  it('are found when they do not', () => {
    expect(bare('<p class="x">{m.a()} Close it</p><input title="Name" value={"Name"} />')).toEqual(['Name', 'Close it'])
    expect(sentences("said = `Removed now`\n// Said 'What is it'\nconst one = 'two words'")).toEqual(['Removed now'])
  })
})
