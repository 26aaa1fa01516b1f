import { describe, expect, it } from 'vitest'
import { marks } from './look.svelte'

const like = (...true_: string[]) => (query: string) => true_.some((one) => query.includes(one))

describe('the look', () => {
  it('follows the system until a person chooses', () => {
    const system = { theme: 'system', density: 'comfortable', motion: 'system' } as const
    expect(marks(system, like())).toEqual({ theme: 'light', density: 'comfortable', motion: 'full' })
    expect(marks(system, like('dark')).theme).toBe('dark')
    expect(marks(system, like('dark', 'contrast')).theme).toBe('contrast')
    expect(marks({ ...system, theme: 'light' }, like('dark')).theme).toBe('light')
    expect(marks(system, like('motion')).motion).toBe('reduced')
    expect(marks({ ...system, motion: 'reduced' }, like()).motion).toBe('reduced')
  })
})
