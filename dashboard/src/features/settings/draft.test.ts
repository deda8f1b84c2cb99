import { expect, test } from 'vitest'
import { changedFacts } from './draft'

test('only what differs from what is saved counts as changed', () => {
  const saved = { name: 'Shop', hidden: false, note: null as string | null }
  expect(changedFacts(saved, { name: 'Shop', hidden: true })).toEqual({ hidden: true })
  expect(changedFacts(saved, { note: null })).toEqual({})
})
