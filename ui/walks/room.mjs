// What a page does with little room, or with more than there is room for.
import { layout } from './layout.mjs'
import { go, LOOKS, NARROW, openPage, tell, words } from './stage.mjs'

const ENGLISH = await words('en')

/** What is on the chosen day is in the window, however much is in the month. */
export async function chosenDay(browser, base) {
  for (const looks of [LOOKS.light, LOOKS.narrow]) {
    const page = await openPage(browser, base, { look: looks, scene: 'many', height: 640 })
    await go(page, ENGLISH, 'month')
    await page.locator('[data-day="2026-11-24"] .number').click()
    await page.locator('.of-day [data-row]').first().waitFor()
    const below = await page.evaluate(() => document.querySelector('.of-day [data-row]').getBoundingClientRect().bottom - innerHeight)
    tell(`the chosen day, ${looks.name}`, below > 0 ? [`its first row is ${below} px below the window`] : [])
    await page.context().close()
  }
  // With a banner, and by a click in the rail: nothing there has the cursor.
  for (const [width, height, scene] of [[480, 640, 'sign-in-again'], [520, 720, 'sign-in-again'], [700, 620, 'sign-in-again'], [1040, 620, 'sign-in-again'], [320, 640, 'typical'], [520, 360, 'typical']]) {
    const page = await openPage(browser, base, { look: { width, height }, scene })
    await go(page, ENGLISH, 'month')
    await page.waitForTimeout(200)
    const wrong = await page.evaluate(() => {
      const [day, grid] = [document.querySelector('.day[aria-selected="true"]'), document.querySelector('.grid')]
      const { left, top, bottom } = day.getBoundingClientRect()
      const seen = [top + 2, bottom - 2].every((y) => day.contains(document.elementFromPoint(left + 4, y)))
      return [...(seen ? [] : ['it is not']), ...(grid.clientHeight < 160 ? [`the grid is ${grid.clientHeight} px high`] : [])]
    })
    tell(`the chosen day is in the window, ${width} x ${height}, ${scene}`, wrong)
    await page.context().close()
  }
}

/** The name of any month has room in the smallest window. */
export async function monthNames(browser, base) {
  for (const [language, locale] of [['en', 'en-US'], ['fi', 'fi-FI'], ['fr', 'fr-FR'], ['de', 'de-DE'], ['ja', 'ja-JP']]) {
    const named = await words(language)
    const page = await openPage(browser, base, { look: { width: 320, height: 640 }, locale })
    await go(page, named, 'month')
    for (let month = 0; month < 12; month += 1) {
      await page.waitForTimeout(50)
      tell(`the month in 320 px, ${language}, ${month} on`, await layout(page))
      await page.getByRole('button', { name: named.month_next, exact: true }).click()
    }
    await page.context().close()
  }
}

/** Beside its buttons a name has room, and what a long page asks is answered at any place of it. */
export async function roomForNames(browser, base) {
  const atLeast = async (page, what, css, least) => tell(what, (await page.locator(css).evaluateAll((all, px) => all.map((one) => one.getBoundingClientRect().width).filter((is) => is < px), least)).map((is) => `${is} px`))
  for (const [width, height] of [[320, 640], [480, 640], [1040, 720]]) {
    const opened = async (scene, steps) => {
      const page = await openPage(browser, base, { look: { width, height }, scene })
      await steps(page)
      await page.waitForTimeout(150)
      tell(`${scene}, ${width} px`, await layout(page))
      return page
    }
    const review = await opened('many-held', (page) => page.getByRole('button', { name: ENGLISH.banner_review, exact: true }).click())
    await atLeast(review, `what waits, ${width} px: the titles`, '.review li .title', 180)
    const reach = () => review.locator('.answers button').evaluateAll((all) => all.filter((one) => { const { left, top } = one.getBoundingClientRect(); return !one.contains(document.elementFromPoint(left + 8, top + 8)) }).map((one) => one.textContent))
    tell(`what waits, ${width} px: the answers are in reach`, await reach())
    await review.locator('.review li button').nth(20).focus()
    const under = await review.evaluate(() => document.activeElement.getBoundingClientRect().bottom - document.querySelector('.answers').getBoundingClientRect().top)
    tell(`what waits, ${width} px: the cursor is above the answers`, under > 0 ? [`${under} px under them`] : [])
    await review.context().close()
    const accounts = await opened('sign-in-again', (page) => go(page, ENGLISH, 'accounts'))
    await atLeast(accounts, `accounts, ${width} px: the names`, '.who', 200)
    await accounts.context().close()
    const lists = await opened('long-calendar', (page) => go(page, ENGLISH, 'lists'))
    await atLeast(lists, `lists, ${width} px: the names`, '.name:not(nav *)', width > 780 ? 220 : 160)
    await lists.context().close()
  }
}

/** Choosing a day moves no day, however much or little is on it. */
export async function monthStays(browser, base) {
  for (const looks of [LOOKS.light, LOOKS.compact, ...NARROW]) {
    const page = await openPage(browser, base, { look: looks, scene: 'many' })
    await go(page, ENGLISH, 'month')
    await page.locator('[data-day="2026-11-24"] .count').waitFor({ state: 'attached' })
    const places = () => page.locator('.day').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top + ['.grid', '[aria-labelledby="month-title"]', '.page'].reduce((sum, css) => sum + document.querySelector(css).scrollTop, 0)).join())
    await page.locator('[data-day="2026-11-18"]').evaluate((one) => one.click())
    await page.waitForTimeout(100)
    const before = await places()
    await page.locator('[data-day="2026-11-24"]').evaluate((one) => one.click())
    await page.waitForTimeout(100)
    tell(`the month stays where it is, ${looks.name}`, (await places()) === before ? [] : ['another day is under the pointer'])
    await page.context().close()
  }
}
