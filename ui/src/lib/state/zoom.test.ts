import { afterEach, describe, expect, it } from 'vitest'
import { followWheel, sized, SIZES, type Step, stepOf } from './zoom'

const press = (key: string, more: Partial<KeyboardEvent> = {}) => stepOf({ key, code: '', ctrlKey: true, metaKey: false, altKey: false, shiftKey: false, ...more })

describe('the size of the content', () => {
  it('goes in steps and stays at either end', () => {
    const up = SIZES.map((one) => sized(one, 'larger'))
    expect(up).toEqual([...SIZES.slice(1), 200])
    expect(SIZES.map((one) => sized(one, 'smaller'))).toEqual([50, ...SIZES.slice(0, -1)])
    expect([sized(130, 'larger'), sized(130, 'smaller'), sized(130, 'usual')]).toEqual([150, 125, 100])
  })

  it('knows the keys of every layout', () => {
    expect([press('+'), press('+', { shiftKey: true }), press('='), press('-'), press('0')]).toEqual(['larger', 'larger', 'larger', 'smaller', 'usual'])
    expect(press('+', { ctrlKey: false, metaKey: true })).toBe('larger')
    // The unshifted 0 of a French keyboard, and its shifted one.
    expect([press('à', { code: 'Digit0' }), press('0', { code: 'Digit0', shiftKey: true })]).toEqual(['usual', 'usual'])
    // A German "=" is Shift and 0, its "}" AltGr and 0.
    expect([press('=', { code: 'Digit0', shiftKey: true }), press('}', { code: 'Digit0', altKey: true })]).toEqual([null, null])
    expect([press('+', { ctrlKey: false }), press('n'), press('1')]).toEqual([null, null, null])
  })
})

describe('the wheel', () => {
  let stop = () => {}
  afterEach(() => stop())
  const turn = (deltaY: number, ctrlKey = true) => {
    // The test browser has no wheel of its own with Ctrl.
    const event = Object.assign(new Event('wheel', { cancelable: true, bubbles: true }), { deltaY, deltaMode: 0, ctrlKey })
    document.body.dispatchEvent(event)
    return event.defaultPrevented
  }

  it('changes it by notches, and scrolls without Ctrl', () => {
    const steps: Step[] = []
    stop = followWheel((step) => steps.push(step))
    expect(turn(100, false)).toBe(false)
    expect(turn(100)).toBe(true)
    turn(-53)
    expect(steps).toEqual(['smaller', 'larger'])
    // Fingers on a pad.
    for (let count = 0; count < 9; count += 1) turn(-10)
    expect(steps.slice(2)).toEqual(['larger', 'larger'])
    turn(-20)
    turn(30)
    expect(steps).toHaveLength(4)
  })
})
