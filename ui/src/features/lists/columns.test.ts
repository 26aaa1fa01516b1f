import { describe, expect, it } from 'vitest'
import { guessed, mapOf, missing } from './columns'

const table = { header: ['Contract, name', 'Expires', 'Owner'], rows: [], fields: ['title', 'date', 'notes'], columns: [['date', 'Expires'], ['notes', 'Owner']] as [string, string][] }

describe('the columns of a table', () => {
  it('begin as they were guessed, and say what is missing', () => {
    expect(guessed(table)).toEqual({ 1: 'date', 2: 'notes' })
    expect(missing(guessed(table))).toEqual(['Title'])
    expect(missing({ 0: 'title', 1: 'date' })).toEqual([])
  })

  it('are said as the command line says them', () => {
    expect(mapOf(table, { 0: 'title', 1: 'date', 2: '' }, '')).toBe('title=Contract, name,date=Expires,notes=')
    expect(mapOf(table, { 0: 'title', 1: 'date', 2: 'notes' }, 'DD/MM/YYYY')).toBe('title=Contract, name,date=Expires,notes=Owner,format=DD/MM/YYYY')
  })
})
