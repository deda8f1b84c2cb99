// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { aCell, aRow, anEnvironment } from '@/testing/builders'
import { changesOf, inverseOf, kindFor, NO_EDITS, pendingOf, problemOf, withValue } from './edits'

const production = anEnvironment()
const text = (value: string) => ({ type: 'string', value }) as const

test('a value that is what it was before is no edit', () => {
  const row = aRow({ states: { 1: aCell({ value: 'slow' }) } })
  const edits = withValue(NO_EDITS, row, production, text('fast'))
  expect(edits.size).toBe(1)
  expect(withValue(edits, row, production, text('slow')).size).toBe(0)
})

test('an edit over a flag that somebody else changed is a conflict, and is saved over what is shown', () => {
  const row = aRow({ states: { 1: aCell({ value: 'slow', change_number: 4 }) } })
  const edits = withValue(NO_EDITS, row, production, text('fast'))
  const now = { ...row, states: { 1: aCell({ value: 'medium', change_number: 5 }) } }
  const pending = pendingOf(edits, [now])
  expect(pending[0]).toMatchObject({ isConflict: true, before: text('medium') })
  expect(changesOf(pending)[0]).toMatchObject({ expected: 5, value: text('fast') })
})

test('undo brings back what was there, and only what was changed', () => {
  const row = aRow({ states: { 1: aCell({ value: 7, enabled: true }) } })
  const undo = inverseOf([{ feature: row.id, environment: production, value: text('x') }], [row])
  expect(undo).toEqual([{ feature: row.id, environment: production, value: { type: 'integer', value: '7' } }])
})

test.each([
  ['42', 'integer', 'integer'],
  ['4x', 'integer', 'string'],
  ['true', 'boolean', 'boolean'],
  ['42', 'string', 'string'],
  ['42', null, 'string'],
] as const)('%j typed over a value of kind %s is of kind %s', (typed, before, kind) => {
  expect(kindFor(typed, before)).toBe(kind)
})

test('a number must be whole and not too large', () => {
  expect(problemOf({ type: 'integer', value: '1.5' })).toMatch(/whole/)
  expect(problemOf({ type: 'integer', value: '9999999999' })).toMatch(/large/)
})
