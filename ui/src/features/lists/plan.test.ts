import { describe, expect, it } from 'vitest'
import { groups, makes, promise } from './plan'

const step = (op: string) => ({ op, title: 'Rent', when: null, reason: '', reason_code: null })

describe('a plan in words', () => {
  it('says what will be done, one of it or several', () => {
    expect(groups([step('create'), step('create'), step('adopt')]).map((group) => group.words)).toEqual(['2 reminders will be added', '1 reminder is there already'])
    expect(groups([])).toEqual([])
  })

  it('promises only what the plan keeps', () => {
    expect(promise([step('create')], 'Belfry')).toContain('Nothing in the calendar Belfry will be changed or deleted.')
    expect(promise([step('settle')], 'Belfry')).toContain('Nothing in the calendar Belfry will be changed.')
    expect(promise([step('update'), step('delete')], 'Belfry')).not.toContain('Belfry')
  })

  it('says that a calendar is made only where none is called so and none holds any of it', () => {
    expect(makes([step('create')], ['Calendar'], 'Belfry')).toBe(true)
    expect(makes([], [], 'Belfry')).toBe(true)
    expect(makes([step('create')], ['Calendar', 'belfry'], 'Belfry')).toBe(false)
    expect(makes([step('create'), step('adopt')], ['Calendar'], 'Belfry')).toBe(false)
    expect(makes([step('create')], null, 'Belfry')).toBe(false)
    // Nothing in it could be changed.
    expect(promise([step('create')], 'Belfry', ['Calendar'])).not.toContain('Belfry')
    expect(promise([step('create')], 'Belfry', ['Belfry'])).toContain('Belfry')
  })
})
