import { expect, it } from 'vitest'
import { kindOf } from './copies'

it('says what a copy was made for', () => {
  const kinds = ['daily', 'by-hand', 'before-restore', 'before-update'].map((kind) => kindOf(`/home/ada/backups/20261120T073000Z-${kind}.db`))
  expect(kinds).toEqual(['daily', 'made by hand', 'before going back', 'before an update'])
  expect(kindOf('C:\\daily\\belfry.db')).toBe('')
})
