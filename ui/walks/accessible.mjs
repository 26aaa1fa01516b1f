// The whole window in a real browser over the fake: every screen in every theme, width and home goes through axe, and the main jobs are done by keyboard alone.
// Prints what is wrong, and `N passed, N failed, N skipped`.
import { readFile } from 'node:fs/promises'
import { layout } from './layout.mjs'
import { chosenDay, monthNames, monthStays, roomForNames } from './room.mjs'
import { go, LOOKS, NARROW, onStage, openPage, tell, words } from './stage.mjs'

const AXE = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const SCREENS = ['agenda', 'month', 'lists', 'activity', 'accounts', 'settings']
const ENGLISH = await words('en')
// A row and a day are read as a sentence ("Renew passport, Wednesday 3 March, 9:00, repeats yearly"), which holds what is to be seen in other words.
const LEFT_OUT = { 'label-content-name-mismatch': { enabled: false } }
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Other languages have longer words, and other letters. */
const LANGUAGES = [['de', 'de-DE'], ['ja', 'ja-JP']]
const HOMES = [['typical', 'typical'], ['empty', 'empty'], ['10,000 reminders', 'many']]

async function violations(page) {
  await page.evaluate(AXE)
  const found = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules[0], rules: rules[1] }), [RULES, LEFT_OUT])
  return found.violations.map((one) => `${one.id} (${one.impact}): ${one.help}; ${one.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`)
}

/** Boxes that can hardly be seen on their ground. */
const faint = (page) =>
  page.evaluate(() => {
    const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)).reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0)
    const ground = (one) => (one === null || !/rgba\(.*, 0\)|transparent/.test(getComputedStyle(one).backgroundColor) ? getComputedStyle(one ?? document.body).backgroundColor : ground(one.parentElement))
    const boxes = [...document.querySelectorAll('input[type="checkbox"]:enabled, input[type="radio"]:enabled')].filter((one) => getComputedStyle(one).opacity !== '0')
    return boxes.flatMap((one) => {
      const style = getComputedStyle(one)
      const [line, behind] = [light(style.borderTopColor), light(ground(one.parentElement))]
      const contrast = (Math.max(line, behind) + 0.05) / (Math.min(line, behind) + 0.05)
      return style.appearance === 'none' && parseFloat(style.borderTopWidth) >= 1 && contrast >= 3 ? [] : [`a box is hardly seen: ${one.id || one.getAttribute('aria-label') || one.parentElement.textContent.trim()}, ${contrast.toFixed(1)}:1`]
    })
  })

async function look(page, what) {
  await page.waitForTimeout(150)
  tell(what, [...(await violations(page)), ...(await layout(page)), ...(await faint(page))])
}

async function screens(browser, base) {
  for (const [home, scene] of HOMES) {
    for (const looks of home === 'typical' ? Object.values(LOOKS) : [LOOKS.light, LOOKS.dark]) {
      const page = await openPage(browser, base, { look: looks, scene })
      for (const screen of SCREENS) {
        await go(page, ENGLISH, screen)
        await look(page, `${screen}, ${looks.name}, ${home}`)
      }
      await page.context().close()
    }
  }
}

/** What waits for a yes. */
async function waiting(browser, base) {
  for (const scene of ['held', 'question', 'shrunk']) {
    for (const looks of [LOOKS.light, LOOKS.dark, ...NARROW]) {
      const page = await openPage(browser, base, { look: looks, scene })
      await page.getByRole('button', { name: ENGLISH.banner_review, exact: true }).click()
      await look(page, `what waits, ${scene}, ${looks.name}`)
      await page.context().close()
    }
  }
}

/** The lists behind their button in a narrow window, by keyboard alone, and one that is empty. */
async function narrowLists(browser, base) {
  for (const looks of [...NARROW, { ...LOOKS.narrow, scheme: 'dark', name: '480 px, dark' }]) {
    const page = await openPage(browser, base, { look: looks, scene: 'many' })
    const button = page.getByRole('button', { name: ENGLISH.rail_shown.replace('{list}', ENGLISH.rail_all_lists), exact: true })
    await button.focus()
    await page.keyboard.press('Enter')
    await look(page, `the lists unfolded, ${looks.name}`)
    for (const key of ['Tab', 'Tab', 'Tab', 'Enter']) await page.keyboard.press(key)
    const shown = page.getByRole('heading', { name: ENGLISH.agenda_list_empty.replace('{list}', 'Household') })
    tell(`by keyboard: a list is chosen, ${looks.name}`, (await shown.isVisible()) ? [] : ['it is not shown'])
    await look(page, `an empty list, ${looks.name}`)
    await page.context().close()
  }
}

/** Every screen, the editor and the shortcuts in another language, wide and narrow. */
async function translated(browser, base) {
  for (const [language, locale] of LANGUAGES) {
    const named = await words(language)
    for (const looks of [LOOKS.light, ...NARROW]) {
      const page = await openPage(browser, base, { look: looks, locale })
      tell(`${language}: the page says its language`, (await page.getAttribute('html', 'lang')) === language ? [] : ['it does not'])
      for (const screen of SCREENS) {
        await go(page, named, screen)
        if (screen === 'lists') await page.getByRole('button', { name: named.lists_details_of.replace('{list}', 'School') }).click()
        await look(page, `${screen}, ${looks.name}, ${language}`)
      }
      await page.keyboard.press('?')
      await look(page, `the shortcuts, ${looks.name}, ${language}`)
      await page.keyboard.press('Escape')
      await go(page, named, 'agenda')
      await page.locator('[data-row][data-id="r3"]').click()
      await page.locator('#editor-title').waitFor()
      await look(page, `the editor, ${looks.name}, ${language}`)
      await page.context().close()
    }
  }
}

/** The way to the first list in Outlook, at each of its steps. */
async function firstSteps(browser, base) {
  for (const scene of ['signing-in', 'code', 'signed-in', 'approval', 'signed-in-ready', 'plan']) {
    for (const looks of [LOOKS.light, LOOKS.dark, ...NARROW]) {
      const page = await openPage(browser, base, { look: looks, scene })
      await page.locator('.foot button').first().click()
      await look(page, `connecting, ${scene}, ${looks.name}`)
      await page.context().close()
    }
  }
}

/** What comes up while something is done: each of it in every look that changes its room. */
const MOMENTS = [
  ['quick add with chips', 'typical', async (page) => {
    await page.locator('#quick-add').fill('Renew passport 3/4 9:00 every year, 1 week before')
    await page.locator('.chip').first().waitFor()
  }],
  ['quick add, a list with a long name', 'long-list', async (page) => {
    await page.locator('#quick-add').fill('Sweep tomorrow 9:00')
    await page.locator('.chip').first().waitFor()
  }],
  ['the editor of what follows a list with a long name', 'long-source', async (page) => {
    await page.locator('[data-row][data-id="r5"]').click()
    await page.locator('#editor-title').waitFor()
  }],
  ['a toast', 'typical', (page) => page.locator('[data-row][data-id="r2"]').press(' ')],
  ['the columns of a table', 'typical', async (page) => {
    await go(page, ENGLISH, 'lists')
    await page.locator('label', { hasText: ENGLISH.add_list_kind_followed }).click()
    await page.locator('#list-name').fill('Contracts')
    await page.locator('#list-from').fill('/home/ada/contracts.csv')
    await page.keyboard.press('Enter')
    await page.locator('table').waitFor()
  }],
  ['what an undo would do', 'typical', async (page) => {
    await go(page, ENGLISH, 'activity')
    await page.locator('.runs header button').first().click()
    await page.locator('.trial').waitFor()
  }],
  ['back-ups', 'typical', async (page) => {
    await go(page, ENGLISH, 'settings')
    await page.locator('#settings-interval').waitFor()
    await page.getByText(ENGLISH.backups_choose, { exact: true }).click()
    await page.getByRole('button', { name: new RegExp(`^${ENGLISH.backups_back_name.split('{')[0]}`) }).first().click()
  }],
  ['the editor with what is refused', 'typical', async (page) => {
    await page.locator('[data-row][data-id="r2"]').click()
    await page.locator('#editor-title').fill('')
    await page.locator('#editor-link').fill('javascript:alert(1)')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: ENGLISH.editor_close_without, exact: true }).waitFor()
  }],
  ['the editor with its history', 'typical', async (page) => {
    await page.locator('[data-row][data-id="r1"]').click()
    await page.locator('aside summary').click()
  }],
  ['an alarm with a time of its own', 'typical', async (page) => {
    await page.locator('[data-row][data-id="r4"]').click()
    await page.locator('#editor-alarms select').first().selectOption('other')
  }],
  ['one date of a series', 'typical', async (page) => {
    await page.locator('[data-row][data-id="r3"]').click()
    await page.locator('aside .segments label').last().click()
    await page.locator('aside footer button').nth(1).waitFor()
  }],
]
async function moments(browser, base) {
  for (const [what, scene, steps] of MOMENTS) {
    for (const looks of [LOOKS.light, LOOKS.dark, ...NARROW]) {
      const page = await openPage(browser, base, { look: looks, scene })
      await steps(page)
      await look(page, `${what}, ${looks.name}`)
      await page.context().close()
    }
  }
}

/** With a banner in a small window its button and the first rows can be reached. */
async function banners(browser, base) {
  for (const scene of ['sign-in-again', 'approval-needed', 'held', 'calendar-gone', 'keychain-locked', 'overdue']) {
    for (const looks of [LOOKS.light, ...NARROW]) {
      const page = await openPage(browser, base, { look: looks, scene })
      await page.locator('[data-row]').first().waitFor()
      await look(page, `banner, ${scene}, ${looks.name}`)
      for (const css of ['.attention button', '[data-row]']) {
        const one = page.locator(css).first()
        await one.scrollIntoViewIfNeeded()
        const shown = await one.evaluate((at) => {
          const { left, top, width, height } = at.getBoundingClientRect()
          // What a person cannot scroll does not count as scrolled.
          const stuck = [...document.querySelectorAll('html, body, .frame, main')].every((around) => around.scrollTop === 0)
          return stuck && at.contains(document.elementFromPoint(left + width / 2, top + height / 2))
        })
        tell(`banner, ${scene}, ${looks.name}: ${css} can be reached`, shown ? [] : ['it cannot'])
      }
      await page.context().close()
    }
  }
}

/** A keyboard is all there is: no call of this page touches the mouse. */
async function byKeyboard(browser, base) {
  const page = await openPage(browser, base, {})
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '')
  const check = async (what, ok) => tell(`by keyboard: ${what}`, ok ? [] : [`it is not so; the focus is on "${await focused()}"`])
  await page.keyboard.press('n')
  await check('N goes to the quick-add field', await page.evaluate(() => document.activeElement?.id === 'quick-add' || document.activeElement?.tagName === 'INPUT'))
  await page.keyboard.type('Water the plants tomorrow 9am')
  await page.waitForTimeout(400)
  await page.keyboard.press('Enter')
  await page.waitForTimeout(400)
  await check('Enter adds what was typed', await page.getByText('Water the plants').first().isVisible())
  await page.keyboard.press('Escape')
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
  await page.keyboard.press('?')
  await page.waitForTimeout(200)
  await check('? lists the shortcuts', await page.getByRole('heading', { name: ENGLISH.keys_title }).isVisible())
  tell('the shortcuts, light', await violations(page))
  await page.keyboard.press('Escape')
  // Every stop of the Tab key can be seen.
  const unseen = []
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press('Tab')
    const ring = await page.evaluate(() => {
      const one = document.activeElement
      if (!one || one === document.body) return 'ok'
      const style = getComputedStyle(one)
      const label = one.closest('label')
      const around = label ? getComputedStyle(label) : style
      return [style, around].some((it) => it.outlineStyle !== 'none' || it.boxShadow !== 'none') ? 'ok' : one.outerHTML.slice(0, 80)
    })
    if (ring !== 'ok') unseen.push(ring)
  }
  tell('by keyboard: the focus can be seen at every stop', [...new Set(unseen)])
  tell('by keyboard: Tab reaches something with a name', (await focused()) === '' ? ['a stop without a name'] : [])
  await page.context().close()
}

/** Backwards through the editor in a low window: nothing that has the cursor is under the header that stays. */
async function backThroughEditor(browser, base) {
  for (const looks of [LOOKS.light, ...NARROW]) {
    const page = await openPage(browser, base, { look: looks, height: looks.height ?? 480 })
    await page.locator('[data-row][data-id="r3"]').press('Enter')
    await page.locator('#editor-title').waitFor()
    await page.locator('aside footer button').last().focus()
    const covered = []
    for (let stop = 0; stop < 24; stop += 1) {
      await page.keyboard.press('Shift+Tab')
      const under = await page.evaluate(() => {
        const [one, header] = [document.activeElement, document.querySelector('aside header')]
        return one?.closest('aside .fields') && one.getBoundingClientRect().top < header.getBoundingClientRect().bottom ? one.id || one.textContent || one.tagName : ''
      })
      if (under) covered.push(`under the header: ${under.trim()}`)
    }
    tell(`by keyboard: back through the editor, ${looks.name}`, covered)
    await page.context().close()
  }
}

/** From the head of an editor that covers everything no key leads below it. */
async function aboveAll(browser, base) {
  for (const looks of NARROW) {
    const page = await openPage(browser, base, { look: looks })
    await page.locator('[data-row][data-id="r2"]').press('Enter')
    await page.locator('#editor-title').waitFor()
    const below = []
    for (const key of ['Shift+Tab', 'Tab']) {
      await page.locator('aside header button').last().focus()
      for (let stop = 0; stop < 30; stop += 1) {
        await page.keyboard.press(key)
        below.push(...(await page.evaluate(() => (document.activeElement.closest('main, nav') ? [document.activeElement.outerHTML.slice(0, 80)] : []))))
      }
    }
    tell(`by keyboard: nothing below the editor is reached, ${looks.name}`, [...new Set(below)])
    await page.context().close()
  }
}

/** The keys 1 to 6 after a row had the cursor: no field has it, and nothing that is set changes. */
async function byNumbers(browser, base) {
  const page = await openPage(browser, base, {})
  await page.locator('[data-row][data-id="r2"]').press('Enter')
  await page.locator('#editor-title').waitFor()
  await page.locator('aside').press('Escape')
  const wrong = []
  for (const key of ['6', '3', '4', '5', '6', '2', '1', '4', '6', '1']) {
    await page.keyboard.press(key)
    await page.waitForTimeout(80)
    const at = await page.evaluate(() => (document.activeElement.matches('main :is(h1, h2, [role="gridcell"], [data-row])') ? '' : document.activeElement.outerHTML.slice(0, 80)))
    if (at) wrong.push(`after ${key} the cursor is on ${at}`)
    if (key === '6' && (await page.locator('#settings-interval').inputValue()) !== '5') wrong.push('how often is synced was changed')
    if (key === '4' && (await page.locator('#activity-text').inputValue()) !== '') wrong.push('a key was typed into the filter')
  }
  tell('by keyboard: the views by their numbers', wrong)
  await page.context().close()
}

/** With more lists than there is room for, only these scroll. */
async function manyLists(browser, base) {
  for (const height of [720, 480]) {
    const page = await openPage(browser, base, { scene: 'many-lists', height })
    const found = await page.evaluate(async () => {
      const foot = document.querySelector('.foot').getBoundingClientRect()
      const lists = document.querySelector('#rail-lists')
      const wrong = foot.bottom > innerHeight + 1 || foot.top > innerHeight - 36 ? [`the foot is at ${foot.top} of ${innerHeight}`] : []
      if (lists.scrollHeight <= lists.clientHeight) wrong.push('the lists do not scroll')
      lists.scrollTop = 10_000
      if (document.querySelector('.foot').getBoundingClientRect().top !== foot.top) wrong.push('the foot moves')
      return wrong
    })
    tell(`many lists, ${height} px high`, [...found, ...(await layout(page))])
    await page.context().close()
  }
}

/** Where the system has colours of its own, what is chosen is told apart by them. */
async function forcedColours(browser, base) {
  const page = await openPage(browser, base, { forced: true })
  const style = (css) => page.locator(css).first().evaluate((one) => { const is = getComputedStyle(one); // What is clear and what has the ground's colour look the same.
    const ground = is.backgroundColor === getComputedStyle(document.body).backgroundColor || is.backgroundColor.endsWith(', 0)')
    return [ground ? 'ground' : is.backgroundColor, is.outlineStyle, is.borderTopColor].join(' ') })
  const apart = async (what, chosen, other) => tell(`forced colours: ${what}`, (await style(chosen)) === (await style(other)) ? ['nothing tells it apart'] : [])
  await page.locator('[data-row][data-id="r3"]').click()
  await page.locator('#editor-title').waitFor()
  await apart('the open row', '.line.selected', '.line:not(.selected)')
  await apart('chosen days of the week', '.days button[aria-pressed="true"]', '.days button[aria-pressed="false"]')
  await apart('the list of a row', '[data-id="r3"] > span:nth-child(2)', '[data-id="r2"] > span:nth-child(2)')
  await go(page, ENGLISH, 'month')
  await apart('the chosen day', '.day[aria-selected="true"]', '.day[aria-selected="false"]')
  await page.context().close()
}

/** A press within 12 px of the middle of a box is one on it. */
async function boxes(browser, base) {
  for (const looks of [LOOKS.light, LOOKS.compact, LOOKS.narrow]) {
    const page = await openPage(browser, base, { look: looks })
    await page.locator('[data-row][data-id="r3"]').click()
    await page.locator('#editor-title').waitFor()
    for (const screen of ['agenda', 'settings']) {
      if (screen === 'settings') await page.keyboard.press('Escape').then(() => go(page, ENGLISH, screen))
      await page.waitForTimeout(150)
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('input[type="checkbox"]:enabled')].flatMap((one) => {
          one.scrollIntoView({ block: 'center' })
          const { left, top, width, height } = one.getBoundingClientRect()
          const [x, y] = [left + width / 2, top + height / 2]
          const over = document.elementFromPoint(x, y)
          if (over !== one && over !== one.closest('label')) return []
          const missed = [[-11.5, -11.5], [11.5, -11.5], [-11.5, 11.5], [11.5, 11.5]].filter(([across, down]) => {
            const at = document.elementFromPoint(x + across, y + down)
            return at !== one && !(one.closest('label') && at?.closest('label') === one.closest('label'))
          })
          return missed.length ? [`less than 24 px take a press: ${one.id || one.getAttribute('aria-label') || one.parentElement.textContent.trim()}`] : []
        }))
      tell(`boxes, ${screen}, ${looks.name}`, small)
    }
    await page.context().close()
  }
}

/** In quick add the list takes no more room than a name, and the time that was understood is seen whatever the title. */
async function quickAddRoom(browser, base) {
  for (const looks of [LOOKS.light, { name: '320 px', width: 320, height: 640 }]) {
    const page = await openPage(browser, base, { look: looks, scene: 'long-list' })
    await page.locator('#quick-add').fill(`Return the library books${' and the other ones that were ordered in summer'.repeat(4)} tomorrow 9:00 every year`)
    await page.locator('.into').selectOption('Household')
    const wrong = await page.evaluate(() => {
      const [chip, when] = [document.querySelector('.into').closest('.chip'), document.querySelector('form .when')]
      const [wide, around] = [chip.getBoundingClientRect().width, when.parentElement]
      return [wide > 280 ? `the list is ${wide} px wide` : '', around.scrollHeight > around.clientHeight ? 'what was understood scrolls' : ''].filter(Boolean)
    })
    tell(`quick add, a long title and a list with a long name, ${looks.name}`, wrong)
    await page.context().close()
  }
}

/** The last row can be seen while a toast is shown, and a row with the cursor when one comes up. */
async function aboveToast(browser, base) {
  for (const looks of [{ name: '420 px high', height: 420 }, ...NARROW]) {
    const page = await openPage(browser, base, { look: looks })
    const seen = () => page.evaluate(() => {
      const one = document.activeElement
      const { left, top, width, height } = one.getBoundingClientRect()
      return one.matches('[data-row]') && one.contains(document.elementFromPoint(left + width / 2, top + height / 2))
    })
    for (const keys of [['Space', 'End'], ['End', 'Space'], ['ArrowDown', 'Space']]) {
      await page.locator('[data-row]').first().focus()
      for (const key of keys) await page.keyboard.press(key).then(() => page.waitForTimeout(150))
      tell(`above a toast, ${keys}, ${looks.name}`, (await page.locator('.toast').isVisible()) && (await seen()) ? [] : ['the row with the cursor is under it'])
      await page.locator('.toast .close').click()
    }
    await page.context().close()
  }
}

await onStage(async (browser, base) => {
  await screens(browser, base)
  await waiting(browser, base)
  await narrowLists(browser, base)
  await translated(browser, base)
  await firstSteps(browser, base)
  await moments(browser, base)
  await banners(browser, base)
  await byKeyboard(browser, base)
  await byNumbers(browser, base)
  await manyLists(browser, base)
  await chosenDay(browser, base)
  await monthNames(browser, base)
  await monthStays(browser, base)
  await roomForNames(browser, base)
  await forcedColours(browser, base)
  await boxes(browser, base)
  await backThroughEditor(browser, base)
  await aboveAll(browser, base)
  await quickAddRoom(browser, base)
  await aboveToast(browser, base)
})
