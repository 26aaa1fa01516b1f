import { describe, expect, it } from 'vitest'
import { emptySnapshot, SCENES } from '../../lib/ipc/fake'
import { list } from '../../lib/ipc/fake/data'
import { firstList, isUnderWay, reached, shownStep } from './steps'

const scene = (name: string) => SCENES[name]?.() ?? emptySnapshot()

describe('the way to Outlook', () => {
  it('is known by what was done', () => {
    expect(['empty', 'signing-in', 'signed-in', 'approval', 'signed-in-ready', 'plan', 'typical'].map((name) => reached(scene(name)))).toEqual(['connect', 'connect', 'calendar', 'calendar', 'calendar', 'plan', null])
  })
  it('is under way from the first sign-in to the first list', () => {
    expect(['empty', 'signing-in', 'signed-in', 'plan', 'none'].map((name) => isUnderWay(scene(name)))).toEqual([false, true, true, true, false])
  })
  it('can be walked back, and forward only as far as it was come', () => {
    expect([shownStep('connect', 'plan'), shownStep('plan', 'calendar'), shownStep(null, 'plan')]).toEqual(['connect', 'calendar', 'plan'])
  })
  it('takes the list whose calendar is chosen', () => {
    expect(firstList(scene('plan'))?.calendar).toBe('Belfry')
    expect(firstList(scene('empty'))?.name).toBe('Reminders')
  })
  it('else takes the list that is always there, though another comes before it', () => {
    const home = scene('empty')
    expect(firstList({ ...home, lists: [list('l0', 'Books'), ...home.lists] })?.name).toBe('Reminders')
  })
})
