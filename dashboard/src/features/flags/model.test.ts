import { expect, test } from 'vitest'
import { aCell, aRow, anEnvironment } from '@/testing/builders'
import { idFrom } from '@/lib/ids'
import { exceptions, isFiltered, nameProblem, wanted } from './model'

const production = anEnvironment()
const HERE = [production]
const NOW = new Date('2026-03-01T12:00:00Z')
const found = (...given: Parameters<typeof wanted>) => wanted(...given).map(({ name }) => name)

test('every word of the search must occur in name, description or value', () => {
  const rows = [
    aRow({ name: 'dark_mode', description: 'Night theme' }),
    aRow({ name: 'checkout', states: { 1: aCell({ value: 'dark' }) } }),
  ]
  expect(found(rows, { search: 'night dark' }, HERE)).toEqual(['dark_mode'])
  expect(found(rows, { search: 'dark' }, HERE)).toEqual(['checkout', 'dark_mode'])
})

test('archived features are shown only when they are asked for', () => {
  const rows = [aRow({ name: 'old', is_archived: true }), aRow({ name: 'new' })]
  expect(found(rows, {}, HERE)).toEqual(['new'])
  expect(found(rows, { is_archived: true }, HERE)).toEqual(['old'])
})

test('the state is that of the environment, or of any of several', () => {
  const rows = [aRow({ name: 'split', states: { 1: aCell({ enabled: true }), 2: aCell() } })]
  expect(found(rows, { state: 'off' }, HERE)).toEqual([])
  expect(
    found(rows, { state: 'off' }, [production, anEnvironment({ id: idFrom<typeof production.id>('2') })]),
  ).toEqual(['split'])
})

test('not evaluated for 30 days are those never evaluated and those long ago', () => {
  const rows = [
    aRow({ name: 'never' }),
    aRow({ name: 'long ago', last_evaluated: '2026-01-15' }),
    aRow({ name: 'in use', last_evaluated: '2026-02-28' }),
  ]
  expect(found(rows, { unused: 30 }, HERE, NOW)).toEqual(['long ago', 'never'])
})

test('a feature that was never changed counts from when it was made', () => {
  const rows = [
    aRow({ name: 'new', created_date: '2026-02-27T00:00:00Z' }),
    aRow({ name: 'old', created_date: '2026-01-01T00:00:00Z' }),
  ]
  expect(found(rows, { changed: 7 }, HERE, NOW)).toEqual(['new'])
})

test('sorting by state puts those that are on first, names decide among equals', () => {
  const on = { 1: aCell({ enabled: true }) }
  const rows = [aRow({ name: 'b', states: on }), aRow({ name: 'c' }), aRow({ name: 'a', states: on })]
  expect(found(rows, { sort: 'state' }, HERE)).toEqual(['a', 'b', 'c'])
})

test('the order and the columns are no filter', () => {
  expect(isFiltered({ view: 'all', sort: 'state', descending: true })).toBe(false)
  expect(isFiltered({ unused: 30 })).toBe(true)
})

test('a question names whom a change leaves out', () => {
  expect(exceptions(aCell())).toBe('')
  expect(exceptions(aCell({ segment_overrides: 2, identity_overrides: 1 }))).toMatch(
    /2 segments and 1 identity/,
  )
})

test.each([
  ['', /Name/],
  ['two words', /letters/],
  ['Upper', /lower-case/],
])('the name %j is refused in words', (name, problem) => {
  expect(nameProblem(name, { pattern: null, lowerCaseOnly: true })).toMatch(problem)
})

test('a pattern of the project is for the whole name', () => {
  expect(nameProblem('ab1', { pattern: '[a-z]+', lowerCaseOnly: false })).toMatch(/fit/)
  expect(nameProblem('ab', { pattern: '[a-z]+', lowerCaseOnly: false })).toBeNull()
})
