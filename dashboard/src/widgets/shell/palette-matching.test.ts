import { expect, test } from 'vitest'
import { matching } from './palette-matching'

const action = (label: string, group = 'Features') => ({ id: label, label, group, run: () => undefined })
const labels = (query: string, ...given: ReturnType<typeof action>[]) =>
  matching(given, query).flatMap(({ actions }) => actions.map(({ label }) => label))

test('names that start with the word come first', () => {
  expect(labels('pay', action('apple_pay'), action('payments'))).toEqual(['payments', 'apple_pay'])
})

test('every word must occur, in the name or in the group', () => {
  expect(labels('audit page', action('Audit log', 'Pages'), action('audit', 'Features'))).toEqual([
    'Audit log',
  ])
})

test('nothing typed offers everything', () => {
  expect(labels('', action('a'), action('b', 'Pages'))).toEqual(['a', 'b'])
})
