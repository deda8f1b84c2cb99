import { expect, test } from 'vitest'
import { aFeature } from '@/testing/builders'
import { nameProblem, wanted } from './model'

const names = (features: ReturnType<typeof wanted>) => features.map(({ name }) => name)

test('every word of the search must occur in name, description or value', () => {
  const features = [
    aFeature({ name: 'dark_mode', description: 'Night theme' }),
    aFeature({ name: 'checkout' }),
  ]
  expect(names(wanted(features, { search: 'night dark' }))).toEqual(['dark_mode'])
})

test('archived features are shown only when they are asked for', () => {
  const features = [aFeature({ name: 'old', is_archived: true }), aFeature({ name: 'new' })]
  expect(names(wanted(features, {}))).toEqual(['new'])
  expect(names(wanted(features, { is_archived: true }))).toEqual(['old'])
})

test('sorting by state puts those that are on first, names decide among equals', () => {
  const features = [
    aFeature({ name: 'b', on: true }),
    aFeature({ name: 'c' }),
    aFeature({ name: 'a', on: true }),
  ]
  expect(names(wanted(features, { sort: 'state' }))).toEqual(['a', 'b', 'c'])
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
