// What is wrong with how a page is laid out: wider than its room, one control over another, words that are cut off.

/** Everything of it runs in the page. */
function look() {
  const SHOWN = (one) => {
    const style = getComputedStyle(one)
    return style.visibility !== 'hidden' && style.opacity !== '0' && !one.closest('.visually-hidden') && one.getClientRects().length > 0
  }
  const name = (one) => `${one.tagName.toLowerCase()}${typeof one.className === 'string' && one.className ? `.${one.className.split(' ')[0]}` : ''} "${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 40)}"`
  const clips = (one) => /hidden|clip|auto|scroll/.test(getComputedStyle(one).overflow)

  /** What of an element can be seen: scrolled out and clipped parts are left out. */
  function seen(one) {
    let { left, top, right, bottom } = one.getBoundingClientRect()
    for (let around = one.parentElement; around; around = around.parentElement) {
      if (!clips(around) && around !== document.documentElement) continue
      const room = around === document.documentElement ? { left: 0, top: 0, right: innerWidth, bottom: innerHeight } : around.getBoundingClientRect()
      ;[left, top, right, bottom] = [Math.max(left, room.left), Math.max(top, room.top), Math.min(right, room.right), Math.min(bottom, room.bottom)]
    }
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null
  }

  function wide() {
    return [document.documentElement, ...document.querySelectorAll('nav, main, main > *, aside, dialog, form, section')]
      .map((one) => [one, one.scrollWidth - one.clientWidth])
      .filter(([one, more]) => more > 1 && one.clientWidth > 0 && SHOWN(one))
      .map(([one, more]) => `${more} px wider than its room: ${name(one)}`)
  }

  // What lies over the page on purpose is compared with itself only.
  const LAYERS = '.toast, .editor, .lists.unfolded, dialog, aside header, .answers'
  function over() {
    const controls = [...document.querySelectorAll('button, input, select, textarea, summary, a[href], [role="gridcell"]')].filter(SHOWN)
    const placed = controls.map((one) => ({ one, at: seen(one), layer: one.closest(LAYERS) })).filter(({ at }) => at)
    const found = []
    placed.forEach((a, index) => {
      for (const b of placed.slice(index + 1)) {
        if (a.layer !== b.layer || a.one.contains(b.one) || b.one.contains(a.one)) continue
        const across = Math.min(a.at.right, b.at.right) - Math.max(a.at.left, b.at.left)
        const down = Math.min(a.at.bottom, b.at.bottom) - Math.max(a.at.top, b.at.top)
        if (across > 1 && down > 1) found.push(`one over the other by ${Math.round(across)} x ${Math.round(down)} px: ${name(a.one)} and ${name(b.one)}`)
      }
    })
    return found
  }

  /** Words that end in "…" by design are not cut off. */
  function cut() {
    const all = [...document.querySelectorAll('button, label, h1, h2, h3, p, li, dt, dd, span, strong, summary, output, th, td, code')].filter(SHOWN)
    return all.flatMap((one) => {
      const style = getComputedStyle(one)
      if (style.display === 'inline' || style.textOverflow === 'ellipsis' || one.querySelector('input, select, textarea')) return []
      const [right, below] = [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight]
      const hides = style.overflow === 'hidden' || style.overflow === 'clip'
      if (right > 1 && (hides || one.tagName === 'BUTTON') && !one.querySelector('.title, .name, span')) return [`${right} px cut off on the right: ${name(one)}`]
      return below > 2 && (hides || one.tagName === 'BUTTON') ? [`${below} px cut off below: ${name(one)}`] : []
    })
  }
  return [...wide(), ...over(), ...cut()]
}

export const layout = (page) => page.evaluate(look)
