import { expect, test } from 'vitest'
import { aLine } from '@/testing/builders'
import { auditSearch, isFiltered, NO_FILTER, queryFrom } from './audit-search'
import { authorOf, fieldName, inlineChanges } from '@/widgets/audit-words'
import { byDay, comerOf, idsIn, isLong, noteOf, spreadOut } from './model'

test('lines stand under the day of the reader, in their order', () => {
  const days = byDay([
    aLine({ id: 3 }),
    aLine({ id: 2 }),
    aLine({ id: 1, created_date: '2026-11-20T12:00:00' }),
  ])
  expect(days.map(({ date, lines }) => [date, lines.map(({ id }) => id)])).toEqual([
    ['2026-11-22', [3, 2]],
    ['2026-11-20', [1]],
  ])
})

test('the note of a change is told apart from its fields', () => {
  const line = aLine({
    change_details: [
      { field: 'enabled', old: false, new: true },
      { field: 'note', old: null, new: 'Black Friday' },
    ],
  })
  expect(noteOf(line)).toBe('Black Friday')
  expect(inlineChanges(line).map(({ field }) => field)).toEqual(['enabled'])
})

test('something new shows what it serves, not all that it is made of', () => {
  const change_details = [
    { field: 'enabled', old: null, new: true },
    { field: 'priority', old: null, new: 0 },
  ]
  expect(inlineChanges(aLine({ change_type: 'CREATE', change_details }))).toHaveLength(1)
  expect(
    inlineChanges(aLine({ change_type: 'CREATE', related_object_type: 'SEGMENT', change_details })),
  ).toEqual([])
})

test('a key and Burgee itself are authors too', () => {
  expect(authorOf(aLine({ author_kind: 'api_key', author_label: 'ci' }))).toEqual({
    name: 'ci',
    about: 'API key',
  })
  expect(authorOf(aLine({ author_kind: 'system' })).name).toBe('Burgee')
  expect(authorOf(aLine({ author_label: 'gone@example.com' })).name).toBe('gone@example.com')
})

test('of what nobody did to an account its owner is named, as far as somebody is known', () => {
  const line = aLine({ author_kind: 'system', author_label: 'Burgee', related_object_type: 'USER' })
  const failed = { ...line, account: 'ada@example.com' }
  expect(comerOf(failed).name).toBe('ada@example.com')
  expect(comerOf({ ...failed, related_object_id: null, account: '' }).name).toBe('Unknown')
  expect(comerOf({ ...failed, account: '' }).name).toBe('Burgee')
  expect(comerOf({ ...failed, author_label: 'SCIM' }).name).toBe('SCIM')
})

test('fields are told in words', () => {
  expect(fieldName('feature_state_value', new Map())).toBe('Value')
  expect(fieldName('percentage of option 9', new Map([[9, 'fast']]))).toBe('Weight of fast')
  expect(fieldName('allow_client_traits', new Map())).toBe('Allow client traits')
})

test('long values are spread over lines', () => {
  expect(isLong({ field: 'x', old: 'short', new: null })).toBe(false)
  expect(isLong({ field: 'x', old: 'two\nlines', new: null })).toBe(true)
  expect(spreadOut('{"a":1}')).toBe('{\n  "a": 1\n}')
  expect(spreadOut('{broken')).toBe('{broken')
})

test('wrong parts of an address count as absent', () => {
  expect(
    auditSearch.parse({ env: 'x', who: 'nobody', since: 'yesterday', page: -1, search: 'ok' }),
  ).toMatchObject({
    search: 'ok',
  })
  expect(isFiltered({ page: 3 })).toBe(false)
  expect(isFiltered(NO_FILTER)).toBe(false)
})

test('the filters become a question for the server', () => {
  expect(queryFrom({ who: 'keys', env: 2, search: ' dark ' })).toMatchObject({
    author_kind: 'api_key',
    environments: 2,
    search: 'dark',
  })
  expect(queryFrom({ who: 4 })).toMatchObject({ author: 4 })
  expect(queryFrom({ since: '2026-11-22' }).date_from).toBe(new Date('2026-11-22T00:00:00').toISOString())
})

test('numbers of people are read from the log', () => {
  expect(idsIn('[3, 14]')).toEqual([3, 14])
  expect(idsIn('[]')).toEqual([])
  expect(idsIn('["zebra"]')).toBeNull()
  expect(idsIn(null)).toBeNull()
})
