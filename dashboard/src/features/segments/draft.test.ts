import { expect, test } from 'vitest'
import type { Rule } from '@/data/segment-rules'
import { blankCondition, conditionProblem, draftOf, isChanged, isComplete, listText, rulesOf } from './draft'
import { tried } from './trying'
import { compareVersions } from './version'

const RULES: Rule[] = [
  {
    id: 1,
    type: 'ALL',
    conditions: [
      { id: 1, operator: 'GREATER_THAN', property: 'app', value: '1.4.0:semver', description: 'new app' },
      { id: 2, operator: 'IS_SET', property: 'plan', value: null, description: null },
      { id: 3, operator: 'PERCENTAGE_SPLIT', property: null, value: '10', description: null },
    ],
    rules: [
      {
        id: 2,
        type: 'NONE',
        conditions: [{ id: 4, operator: 'IN', property: 'country', value: '["a,b"]', description: null }],
        rules: [],
      },
    ],
  },
]

test('what is read is sent back as it was', () => {
  expect(rulesOf(draftOf(RULES))).toEqual(RULES)
  expect(isChanged(draftOf(RULES), RULES)).toBe(false)
  expect(isComplete(draftOf(RULES))).toBe(true)
})

test('a comparison of versions loses its mark while it is edited', () => {
  expect(draftOf(RULES)[0]?.conditions[0]).toMatchObject({ choice: 'GREATER_THAN:semver', value: '1.4.0' })
})

test.each([
  [{}, 'Name the trait.'],
  [{ property: 'plan' }, null],
  [{ property: 'plan', choice: 'IN' }, 'Add a value.'],
  [{ property: 'plan', choice: 'CONTAINS' }, 'Give a value.'],
  [{ property: 'id', choice: 'MODULO', value: '0|1' }, 'Give a divisor and what is left over.'],
  [{ property: 'id', choice: 'MODULO', value: '2|0' }, null],
  [{ choice: 'PERCENTAGE_SPLIT', value: '101' }, 'Give a share from 0 to 100.'],
  [{ choice: 'PERCENTAGE_SPLIT', value: '12.5' }, null],
  [{ property: 'app', choice: 'EQUAL:semver', value: '1.4' }, 'A version looks like 1.4.0.'],
] as const)('what is missing in a condition is said (%#)', (given, problem) => {
  expect(conditionProblem({ ...blankCondition(), ...given })).toBe(problem)
})

test('an entry with a comma turns a list into JSON', () => {
  expect(listText(['DE', 'AT'])).toBe('DE,AT')
  expect(listText(['a,b', 'c'])).toBe('["a,b","c"]')
})

test.each([
  ['1.0.0', '2.0.0', -1],
  ['1.10.0', '1.9.0', 1],
  ['1.0.0-alpha', '1.0.0', -1],
  ['1.0.0-alpha.1', '1.0.0-alpha.beta', -1],
  ['1.0.0-2', '1.0.0-10', -1],
  ['1.0.0+build', '1.0.0', 0],
])('%s against %s', (one, other, order) => {
  expect(Math.sign(compareVersions(one, other) ?? NaN)).toBe(order)
})

test('a pattern and a version can be tried before they are saved', () => {
  expect(tried({ choice: 'REGEX', value: 'a+b' }, 'aab and more')).toEqual({ fits: true })
  expect(tried({ choice: 'REGEX', value: 'b' }, 'ab')).toEqual({ fits: false })
  expect(tried({ choice: 'REGEX', value: '(' }, 'ab')).toHaveProperty('unknown')
  expect(tried({ choice: 'GREATER_THAN_INCLUSIVE:semver', value: '2.4.0' }, '2.4.0')).toEqual({ fits: true })
  expect(tried({ choice: 'LESS_THAN:semver', value: '2.4.0' }, 'v2')).toHaveProperty('unknown')
})
