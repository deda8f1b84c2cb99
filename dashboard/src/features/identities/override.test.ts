import { expect, test } from 'vitest'
import type { Variant } from '@/data/features'
import { idFrom } from '@/lib/ids'
import { dayAgo } from '@/lib/format'
import { flagValue, overrideBody, typedFlagValue } from './override'

test.each(['text', '42', 'true', '"quoted"', '', 42, -1, true, null])('%j survives being edited', (value) => {
  const sent = flagValue(typedFlagValue(value))
  const told =
    sent === null
      ? null
      : sent.type === 'string'
        ? sent.value
        : sent.type === 'integer'
          ? Number(sent.value)
          : true
  expect(told).toBe(value)
})

const variants = [3, 4].map((id): Variant => ({
  id,
  type: 'unicode',
  string_value: 'a',
  integer_value: null,
  boolean_value: null,
  default_percentage_allocation: 0,
  key: null,
}))

test('an override names every variant, all of it for the chosen one', () => {
  expect(overrideBody(idFrom('7'), { enabled: true, text: '', variant: 4 }, variants)).toEqual({
    identity_overrides: [
      {
        identity: { id: 7 },
        enabled: true,
        value: null,
        variants: [
          { id: 3, weight: 0 },
          { id: 4, weight: 100 },
        ],
      },
    ],
  })
  expect(overrideBody(idFrom('7'), null, variants)).toEqual({
    identity_overrides: [{ identity: { id: 7 }, remove: true }],
  })
})

test('last seen is told by the day', () => {
  const now = new Date('2026-01-14T12:00:00Z')
  expect(dayAgo('2026-01-14', now)).toBe('today')
  expect(dayAgo('2026-01-13', now)).toBe('yesterday')
  expect(dayAgo(null, now)).toBe('never')
})
