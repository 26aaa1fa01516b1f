import { describe, expect, it } from 'vitest'
import { inUnit, leadWords, offered } from './leads'

describe('lead times', () => {
  it('say how long before or after the start', () => {
    expect([0, 15, 120, -30, -1440].map((lead) => leadWords(lead, false, 'en-GB'))).toEqual(['at the start', '15 minutes before', '2 hours before', '30 minutes after', '1 day after'])
  })
  it('say of whole days at what time of which day', () => {
    const said = [900, 2340, 0, -540, -1980].map((lead) => leadWords(lead, true, 'en-GB'))
    expect(said).toEqual(['the day before at 9:00', '2 days before at 9:00', 'at midnight, as the day begins', 'on the day at 9:00', '1 day later at 9:00'])
  })
  it('are offered and split into units', () => {
    expect(offered(true)).toContain(-540)
    expect(inUnit(-120).map(String)[0]).toBe('2')
  })
})
