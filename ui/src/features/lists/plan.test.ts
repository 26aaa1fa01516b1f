import { describe, expect, it } from 'vitest'
import { groups, promise } from './plan'

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
})
