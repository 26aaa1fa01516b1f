// What the walks share: the window built over the fake and served, a browser, pages in every look, and the tally.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { build, preview } from 'vite'

export const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium'
// One way of drawing letters and colours, whatever the desktop asks for; and no calls home.
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb', '--hide-scrollbars', '--disable-skia-runtime-opts', '--disable-partial-raster', '--num-raster-threads=1',
]

export const words = async (language) => JSON.parse(await readFile(new URL(`../messages/${language}.json`, import.meta.url), 'utf8'))

export const LOOKS = {
  light: { name: 'light' }, dark: { name: 'dark', scheme: 'dark' }, contrast: { name: 'high contrast', contrast: 'more' },
  narrow: { name: '480 px', width: 480 }, zoomed: { name: '200 % zoom', width: 520, height: 360, scale: 2 },
  // The smallest window at that size (`SMALLEST` in src-tauri/src/window.rs).
  least: { name: '200 % zoom, smallest window', width: 320, height: 300, scale: 2 }, compact: { name: 'compact', density: 'compact' },
}

export const NARROW = [LOOKS.narrow, LOOKS.zoomed, LOOKS.least]

export const tally = { passed: 0, failed: 0 }

export function tell(what, problems) {
  if (!problems.length) tally.passed += 1
  else {
    tally.failed += 1
    console.log(`${what}:\n  ${problems.join('\n  ')}`)
  }
}

/** Starts everything, walks, ends everything, and the process with the count. */
export async function onStage(walk) {
  const folder = await mkdtemp(join(tmpdir(), 'belfry-stage-'))
  const root = new URL('..', import.meta.url).pathname
  await build({ root, mode: 'fake', logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
  const server = await preview({ root, mode: 'fake', logLevel: 'error', build: { outDir: folder }, preview: { host: '127.0.0.1', port: 0, strictPort: false } })
  const browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS })
  try {
    await walk(browser, `http://127.0.0.1:${server.httpServer.address().port}/`)
  } finally {
    await browser.close()
    await new Promise((closed) => server.httpServer.close(closed))
    await rm(folder, { recursive: true, force: true })
  }
  console.log(`${tally.passed} passed, ${tally.failed} failed, 0 skipped`)
  process.exit(tally.failed ? 1 : 0)
}

/** A page on a scene of the fake. `prepare` is done before anything is loaded. */
export async function openPage(browser, base, { look = LOOKS.light, scene = 'typical', locale = 'en-US', height, forced = false, prepare }) {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1040, height: height ?? look.height ?? 720 }, deviceScaleFactor: look.scale ?? 1, colorScheme: look.scheme ?? 'light', contrast: look.contrast ?? 'no-preference',
    reducedMotion: 'reduce', forcedColors: forced ? 'active' : 'none', locale, timezoneId: 'Europe/Berlin',
  })
  const page = await context.newPage()
  await prepare?.(page)
  await page.goto(`${base}?${scene}${look.density ? `&density=${look.density}` : ''}`)
  await page.getByRole('navigation').first().waitFor()
  return page
}

/** To a view by the rail; `named` are the words of the page. */
export const go = (page, named, screen) => page.getByRole('button', { name: named[`view_${screen}`], exact: true }).first().click()
