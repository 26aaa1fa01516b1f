// Every picture: what the fake begins with, and what is done until it shows. `t` has the words of the picture's language.
import { LOOKS } from './stage.mjs'

const press = (page, name) => page.getByRole('button', { name, exact: true }).first().click()
const view = (name) => (page, t) => press(page, t(`view_${name}`))
const then = (...steps) => async (page, t) => {
  for (const step of steps) await step(page, t)
}
const pressed = (key, inputs) => (page, t) => press(page, t(key, inputs))
const opened = (id) => async (page) => {
  await page.locator(`[data-row][data-id="${id}"]`).click()
  await page.locator('#editor-title').waitFor()
}
const typed = (text) => async (page) => {
  await page.locator('#quick-add').fill(text)
  await page.locator('.chip').first().waitFor()
}
/** Past what the focus went to, to what the picture is about. */
const scrolled = (selector) => (page) => page.locator(selector).first().evaluate((one) => one.scrollIntoView({ block: 'end' }))

async function columns(page, t) {
  await view('lists')(page, t)
  await page.locator('label', { hasText: t('add_list_kind_followed') }).click()
  await page.locator('#list-name').fill('Contracts')
  await page.locator('#list-from').fill('/home/ada/contracts.csv')
  await page.keyboard.press('Enter')
  await page.locator('table').waitFor()
  await page.evaluate(() => document.activeElement?.blur())
  await scrolled('form')(page)
}

async function quarantine(page, t) {
  await view('lists')(page, t)
  await press(page, t('lists_details_of', { list: 'School' }))
  await page.locator('.details summary').click()
  await page.locator('pre').first().waitFor()
}

async function report(page, t) {
  await view('settings')(page, t)
  await page.locator('#settings-interval').waitFor()
}

/** By the button at the foot of the rail. */
const resumed = (page) => page.locator('.foot button').first().click()
const letter = then(resumed, pressed('approval_letter'), (page) => page.locator('textarea').waitFor())
const calendars = then(resumed, (page) => page.locator('.step button').nth(1).waitFor())
const planned = then(resumed, (page) => page.locator('.plan summary').waitFor())

const done = (page) => page.locator('[data-row][data-id="r2"]').press(' ')
const shortcuts = (page) => page.keyboard.press('?')
const banner = { height: 460 }

/** In light, each once. */
const EACH = [
  { name: 'welcome', scene: 'empty' },
  { name: 'connect-1', scene: 'empty', steps: pressed('connect_outlook') },
  { name: 'connect-2-browser', scene: 'signing-in', steps: resumed },
  { name: 'connect-2-code', scene: 'code', steps: resumed },
  { name: 'connect-2-failed', scene: 'sign-in-failed', steps: pressed('connect_outlook') },
  { name: 'connect-3-connected', scene: 'signed-in', steps: then(resumed, pressed('back')) },
  { name: 'connect-4-access', scene: 'signed-in', steps: resumed },
  { name: 'connect-5-approval', scene: 'approval', steps: letter },
  { name: 'connect-6-calendar', scene: 'signed-in-ready', steps: calendars },
  { name: 'connect-7-plan', scene: 'plan', steps: planned },
  { name: 'connect-7-plan-items', scene: 'plan', steps: then(planned, (page) => page.locator('.plan summary').click()) },
  { name: 'connect-left', scene: 'signed-in-ready' },
  { name: 'agenda' },
  { name: 'agenda-empty', scene: 'none' },
  { name: 'agenda-10000', scene: 'many' },
  { name: 'month', steps: view('month') },
  { name: 'month-empty', scene: 'none', steps: view('month') },
  { name: 'month-10000', scene: 'many', steps: view('month') },
  { name: 'quick-add', steps: typed('Renew passport 3/4 9:00 every year, 1 week before') },
  { name: 'editor', steps: opened('r3'), height: 900 },
  { name: 'editor-history', steps: then(opened('r1'), (page) => page.locator('aside summary').click(), scrolled('aside footer')) },
  { name: 'editor-sourced', steps: opened('r5') },
  { name: 'lists', steps: view('lists') },
  { name: 'lists-empty', scene: 'empty', steps: view('lists') },
  { name: 'list-details', steps: quarantine, height: 1320 },
  { name: 'list-columns', steps: columns },
  { name: 'activity', steps: view('activity') },
  { name: 'activity-empty', scene: 'empty', steps: view('activity') },
  { name: 'activity-10000', scene: 'many', steps: view('activity') },
  { name: 'undo-dry-run', steps: then(view('activity'), (page) => page.locator('.runs header button').first().click(), (page) => page.locator('.trial').waitFor()) },
  { name: 'accounts', steps: view('accounts') },
  { name: 'accounts-wrong', scene: 'wrong-account', steps: view('accounts') },
  { name: 'settings', steps: report, height: 1500 },
  { name: 'review', scene: 'held', steps: pressed('banner_review') },
  { name: 'review-question', scene: 'question', steps: pressed('banner_review') },
  { name: 'toast', steps: done },
  { name: 'shortcuts', steps: shortcuts },
  ...['sign-in-again', 'approval-needed', 'held', 'question', 'calendar-gone', 'keychain-locked', 'clock-wrong', 'overdue', 'settled'].map((scene) => ({ name: `attention-${scene}`, scene, ...banner })),
]

/** What is pictured in other languages too, and in rows that stand closer; every screen is in the other looks. */
const SOME = ['review', 'welcome', 'connect-7-plan', 'agenda', 'month', 'editor', 'list-details', 'settings', 'quick-add', 'lists', 'list-columns', 'activity', 'accounts', 'shortcuts']
const CLOSER = ['agenda', 'month', 'editor', 'lists', 'activity', 'settings']
const EVERY = EACH.map((shot) => shot.name)
const OTHERS = [
  ['dark', LOOKS.dark, 'en', EVERY], ['contrast', LOOKS.contrast, 'en', EVERY], ['compact', LOOKS.compact, 'en', CLOSER], ['zoom-200', LOOKS.zoomed, 'en', EVERY], ['480px', LOOKS.narrow, 'en', EVERY],
  ...['de', 'es', 'fi', 'fr', 'ja'].map((language) => [language, LOOKS.light, language, SOME]),
]
const LOCALES = { en: 'en-GB', de: 'de-DE', es: 'es-ES', fi: 'fi-FI', fr: 'fr-FR', ja: 'ja-JP' }

/** In a small window a picture has the height of that window: what is scrolled to is what is seen. */
function other(shot, [suffix, look, language]) {
  const height = look.width ? undefined : shot.height
  return { ...shot, height, name: `${shot.name}-${suffix}`, look, language }
}

export const SHOTS = [
  ...EACH,
  ...OTHERS.flatMap((one) => EACH.filter((shot) => one[3].includes(shot.name)).map((shot) => other(shot, one))),
].map((shot) => ({ scene: 'typical', look: LOOKS.light, language: 'en', steps: async () => {}, ...shot, locale: LOCALES[shot.language ?? 'en'] }))
