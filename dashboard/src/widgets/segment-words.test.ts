import { expect, test } from 'vitest'
import type { Condition, Operator, Rule } from '@/data/segment-rules'
import { listOf, segmentWords, textOf } from './segment-words'

const where = (property: string | null, operator: Operator, value: string | null): Condition => ({
  property,
  operator,
  value,
})
const plan = where('plan', 'EQUAL', 'pro')
const country = where('country', 'IN', 'DE,AT')
const beta = where('beta', 'IS_SET', null)
const rule = (type: Rule['type'], conditions: Condition[], rules: Rule[] = []): Rule => ({
  type,
  conditions,
  rules,
})
const said = (...rules: Rule[]) => textOf(segmentWords(rules))

test.each([
  [[rule('ALL', [plan])], 'plan is pro'],
  [[rule('ALL', [plan, country])], 'plan is pro and country is one of DE, AT'],
  [
    [rule('ALL', [plan], [rule('ANY', [country, beta])])],
    'plan is pro and (country is one of DE, AT or beta is set)',
  ],
  [[rule('ALL', [], [rule('ANY', [plan])])], 'plan is pro'],
  [[rule('ALL', [plan], [rule('NONE', [beta])])], 'plan is pro, unless beta is set'],
  [[rule('NONE', [plan, beta])], 'everybody unless plan is pro or beta is set'],
  [[rule('ANY', [plan], [rule('NONE', [beta])])], 'plan is pro, unless beta is set'],
  [
    [rule('ANY', [], [rule('ALL', [plan, beta]), rule('ALL', [country])])],
    '(plan is pro and beta is set) or country is one of DE, AT',
  ],
  [[rule('ALL', [plan]), rule('ALL', [beta])], 'plan is pro and beta is set'],
])('a definition reads as a sentence (%#)', (rules, sentence) => {
  expect(said(...rules)).toBe(sentence)
})

test.each([
  [where(null, 'PERCENTAGE_SPLIT', '10'), '10 % of identities'],
  [where('team', 'PERCENTAGE_SPLIT', '10'), '10 % by team'],
  [where('id', 'MODULO', '2|0'), 'id divided by 2 leaves 0'],
  [where('app', 'GREATER_THAN', '1.4.0:semver'), 'app is more than version 1.4.0'],
  [where('$.identity.identifier', 'REGEX', 'a.*'), 'identifier fits a.*'],
  [where('note', 'EQUAL', ''), 'note is ""'],
])('each operator has its words (%#)', (condition, sentence) => {
  expect(said(rule('ALL', [condition]))).toBe(sentence)
})

test('no rule fits nobody, an empty rule everybody', () => {
  expect(said()).toBe('nobody, as it has no rule yet')
  expect(said(rule('ALL', []))).toBe('everybody')
})

test('a list is JSON or has commas', () => {
  expect(listOf('["a,b",2]')).toEqual(['a,b', '2'])
  expect(listOf('a,b')).toEqual(['a', 'b'])
  expect(listOf('[a,b')).toEqual(['[a', 'b'])
})
