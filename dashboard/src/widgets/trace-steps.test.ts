import { expect, test } from 'vitest'
import type { Decision, ToldFlag } from '@/data/explain'
import { idFrom, type FeatureId, type SegmentId } from '@/lib/ids'
import { outcomeWords, stepsOf } from './trace-steps'
import { questionOf, traitValue, typed } from './test-as-who'

const staff = { id: idFrom<SegmentId>('5'), name: 'Staff' }
const pro = { id: idFrom<SegmentId>('6'), name: 'Pro' }

function aFlag(decided_by: Partial<Decision> & Pick<Decision, 'kind'>): ToldFlag {
  const decider = decided_by.segment
  const override = (segment: typeof staff, priority: number) => ({
    segment,
    priority,
    matched: true,
    decided: decider?.id === segment.id,
  })
  return {
    feature: { id: idFrom<FeatureId>('1'), name: 'checkout', type: 'STANDARD' },
    enabled: true,
    value: null,
    variant: null,
    reason: '',
    decided_by: { segment: null, priority: null, place: null, ...decided_by },
    overrides: [override(pro, 1), override(staff, 0)],
  }
}

test('rules stand from the strongest to the default', () => {
  const steps = stepsOf(aFlag({ kind: 'segment', segment: staff, priority: 0 }))
  expect(steps.map(({ title, outcome }) => [title, outcome])).toEqual([
    ['Override of this identity', 'unasked'],
    ['Segment Staff', 'decided'],
    ['Segment Pro', 'outranked'],
    ['Default of the environment', 'unasked'],
  ])
})

test.each([
  [{ kind: 'identity_override' }, 'by its own override'],
  [{ kind: 'segment', segment: staff }, 'by the segment Staff'],
  [{ kind: 'split', place: 41 }, 'by its share of the default'],
  [{ kind: 'default' }, 'by the default of the environment'],
] as const)('the reason names the rule (%#)', (decision, words) => {
  expect(outcomeWords(aFlag(decision))).toBe(words)
})

test.each([
  ['42', 42],
  ['1.5', 1.5],
  ['true', true],
  ['"42"', '42'],
  ['pro', 'pro'],
  ['', ''],
] as const)('what is typed as %s means what it looks like', (text, value) => {
  expect(traitValue(text)).toBe(value)
  expect(traitValue(typed(value))).toBe(value)
})

test('traits without a name are not sent', () => {
  expect(questionOf({ identifier: ' lena ', traits: [{ key: '', text: 'x' }] })).toEqual({
    identifier: 'lena',
  })
  expect(
    questionOf({ identifier: '', traits: [{ key: 'plan', text: 'pro' }] }, idFrom<FeatureId>('3')),
  ).toEqual({
    traits: { plan: 'pro' },
    feature: 3,
  })
})
