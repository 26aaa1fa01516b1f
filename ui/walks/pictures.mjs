// Pictures of every screen and state, over the fake. `--write` saves them; without it they are drawn again and compared with the saved ones, pixel by pixel, where the
// browser and the fonts are those that the saved ones were made with. The layout is looked at in any case. Prints what is wrong, and `N passed, N failed, N skipped`.
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { layout } from './layout.mjs'
import { compared, read, reduced, write } from './png.mjs'
import { SHOTS } from './shots.mjs'
import { BROWSER, onStage, openPage, tell, words } from './stage.mjs'

const writing = process.argv.includes('--write')
const only = process.argv.slice(2).find((word) => !word.startsWith('--'))
const SAVED = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
const MODULES = new URL('../node_modules/', import.meta.url)
const MADE_WITH = join(SAVED, 'made-with.json')
/** The clock of the fake. */
const NOW = '2026-11-21T12:00:00Z'
// Only the pictures have fonts of their own: the window has the system's.
const FONTS = { '@fontsource-variable/inter': 'wght.css', '@fontsource-variable/noto-sans-jp': 'wght.css', '@fontsource-variable/jetbrains-mono': 'wght.css' }
const FAMILIES = ":root { --font: 'Inter Variable', 'Noto Sans JP Variable', sans-serif; --mono: 'JetBrains Mono Variable', 'Noto Sans JP Variable', monospace; }"
const AT_ONCE = 3

async function madeWith() {
  const version = async (name) => JSON.parse(await readFile(new URL(`${name}/package.json`, MODULES), 'utf8')).version
  const fonts = Object.fromEntries(await Promise.all(Object.keys(FONTS).map(async (name) => [name, await version(name)])))
  const browser = execFileSync(BROWSER, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  // Letters are smoothed with the arithmetic of the processor.
  return { browser, system: `${process.platform} ${process.arch}`, processor: cpus()[0]?.model ?? '', fonts }
}

/** The style sheets of the fonts, with addresses that the page is answered under. */
async function fontStyles() {
  const sheets = Object.entries(FONTS).map(async ([name, file]) => (await readFile(new URL(`${name}/${file}`, MODULES), 'utf8')).replaceAll('url(./files/', `url(/fonts/${name}/files/`).replaceAll('swap', 'block'))
  return [...(await Promise.all(sheets)), FAMILIES].join('\n')
}

async function prepare(page) {
  await page.clock.setFixedTime(NOW)
  await page.route('**/fonts/**', async (route) => route.fulfill({ contentType: 'font/woff2', body: await readFile(new URL(new URL(route.request().url()).pathname.slice('/fonts/'.length), MODULES)) }))
}

/** The words of a language, with what is put into them; of plurals the last form. */
async function spoken(language) {
  const catalogue = await words(language)
  return (key, inputs = {}) => {
    const message = catalogue[key]
    const text = typeof message === 'string' ? message : Object.values(message[0].match).at(-1)
    return text.replace(/\{(\w+)\}/g, (_, name) => inputs[name] ?? '')
  }
}

/** Drawn until two in a row are the same: by then letters have come and what moves is at rest. */
async function settled(page) {
  let before
  for (let turn = 0; turn < 20; turn += 1) {
    await page.evaluate(async () => {
      await document.fonts.ready
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    })
    const now = await page.screenshot({ animations: 'disabled', caret: 'hide' })
    if (before?.equals(now)) return now
    before = now
    await page.waitForTimeout(60)
  }
  throw new Error('it does not come to rest')
}

async function draw(browser, base, styles, shot) {
  const page = await openPage(browser, base, { ...shot, prepare })
  try {
    await page.addStyleTag({ content: styles })
    await shot.steps(page, await spoken(shot.language))
    // Nothing is pointed at.
    await page.mouse.move(0, 0)
    const bytes = await settled(page)
    return { picture: reduced(read(bytes)), problems: await layout(page) }
  } finally {
    await page.context().close()
  }
}

async function saved(name) {
  try {
    return read(await readFile(join(SAVED, `${name}.png`)))
  } catch {
    return null
  }
}

/** The letters of one control, set by a fraction of a pixel otherwise: of 750,000 pixels so many are no change that anybody sees. */
const FEW = 300

/** What is different from the saved picture; the new one and the difference are left in the folder. */
async function differences(shot, picture, folder) {
  const before = await saved(shot.name)
  const { count, difference } = before ? compared(before, picture) : { count: picture.width * picture.height, difference: null }
  if (before && count <= FEW) return []
  await writeFile(join(folder, `${shot.name}.png`), write(picture))
  if (difference) await writeFile(join(folder, `${shot.name}.diff.png`), write(difference))
  return [before ? `${count} pixels are not as in docs/pictures` : 'is not in docs/pictures yet']
}

/** Pictures that nothing makes any more. */
async function strays() {
  const files = (await readdir(SAVED)).filter((file) => file.endsWith('.png'))
  return files.filter((file) => !SHOTS.some((shot) => `${shot.name}.png` === file))
}

async function prepareFolder() {
  if (!writing) return mkdtemp(join(tmpdir(), 'belfry-pictures-'))
  await mkdir(SAVED, { recursive: true })
  if (!only) await Promise.all((await strays()).map((file) => rm(join(SAVED, file))))
  return SAVED
}

const now = await madeWith()
const then = JSON.parse(await readFile(MADE_WITH, 'utf8').catch(() => 'null'))
const comparable = !writing && JSON.stringify(now) === JSON.stringify(then)
const folder = await prepareFolder()
const styles = await fontStyles()
const different = []

/** A browser under load now and then sets the letters of a select a fraction of a pixel beside where it set them before. What is really different is so every time. */
const TRIES = 3

async function looked(browser, base, shot) {
  for (let left = TRIES - 1; ; left -= 1) {
    const { picture, problems } = await draw(browser, base, styles, shot)
    const found = comparable ? await differences(shot, picture, folder) : []
    if (!found.length || !left) return { picture, problems, found }
  }
}

async function one(browser, base, shot) {
  try {
    const { picture, problems, found } = await looked(browser, base, shot)
    if (writing) await writeFile(join(SAVED, `${shot.name}.png`), write(picture))
    if (found.length) different.push(shot.name)
    tell(shot.name, [...problems, ...found])
  } catch (error) {
    tell(shot.name, [String(error)])
  }
}

await onStage(async (browser, base) => {
  const left = SHOTS.filter((shot) => !only || shot.name.startsWith(only))
  const work = async () => {
    for (let shot = left.shift(); shot; shot = left.shift()) await one(browser, base, shot)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (writing) await writeFile(MADE_WITH, `${JSON.stringify(now, null, 2)}\n`)
  else if (comparable) tell('docs/pictures has no other pictures', await strays())
  else console.log(`Pixels were not compared: the saved pictures were made with ${then?.browser ?? 'nothing'} on ${then?.system ?? 'nothing'}, here is ${now.browser} on ${now.system}. The layout was.`)
  if (different.length) console.log(`New pictures and differences: ${folder}`)
  else if (!writing) await rm(folder, { recursive: true, force: true })
})
