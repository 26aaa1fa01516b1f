import { expect, it } from 'vitest'
import { changeText } from './changes'

it('says what was changed as people do, and the rest as it came', () => {
  expect(changeText('time', '2026-11-21T14:30 Europe/Berlin, 30 min').replace(/\s/g, ' ')).toBe('Sat, Nov 21, 2026, 2:30 PM Europe/Berlin, 30 min')
  expect(changeText('time', '2026-11-21')).toBe('Sat, Nov 21, 2026')
  expect([changeText('alarm', '15 min'), changeText('show as', 'busy'), changeText('title', '2026-11-21')]).toEqual(['15 minutes before', 'Busy', '2026-11-21'])
})
