// @vitest-environment jsdom
import { expect, test } from 'vitest'
import type { Flag, Rule } from '@/data/targeting'
import { idFrom } from '@/lib/ids'
import { versionOf, whyNotLater } from './schedule'

const off = { enabled: false, value: null, variants: [] }
const segment = (id: number): Rule => ({
  ...off,
  enabled: true,
  target: { kind: 'segment', segment: idFrom(String(id)) },
})
const rollout: Rule = { ...off, target: { kind: 'rollout', percentage: 10 } }
const flag = (...rules: Rule[]): Flag => ({ changeNumber: 1, default: off, rules })
const draft = (base: Flag, next: Flag) => ({ base, flag: next, individuals: [] })

test('only the default is told when only it differs', () => {
  const next = { ...flag(segment(1)), default: { ...off, value: { type: 'integer', value: '7' } } } as const
  expect(versionOf(draft(flag(segment(1)), next))).toEqual({
    feature_states_to_update: [
      {
        enabled: false,
        feature_state_value: { type: 'int', integer_value: 7 },
        multivariate_feature_state_values: [],
      },
    ],
    feature_states_to_create: [],
    segment_ids_to_delete_overrides: [],
  })
})

test('rules come, go and stay in the order of the draft', () => {
  const body = versionOf(draft(flag(segment(1), segment(2)), flag(segment(3), segment(2))))
  expect(body.segment_ids_to_delete_overrides).toEqual([1])
  expect(body.feature_states_to_create).toMatchObject([{ feature_segment: { segment: 3, priority: 0 } }])
  expect(body.feature_states_to_update).toMatchObject([{ feature_segment: { segment: 2, priority: 1 } }])
})

test('what lies outside of versions does not wait, and says why', () => {
  const change = { identity: idFrom<never>('4'), identifier: 'lena', before: null, after: off }
  expect(whyNotLater({ ...draft(flag(), flag()), individuals: [change] })).toMatch(/individuals/)
  expect(whyNotLater(draft(flag(), flag(rollout)))).toMatch(/roll-out/)
  expect(whyNotLater(draft(flag(rollout), flag(rollout, segment(1))))).toMatch(/roll-out/)
})

test('a value beside a roll-out that stays may wait', () => {
  const next = { ...flag(rollout), default: { ...off, enabled: true } }
  expect(whyNotLater(draft(flag(rollout), next))).toBeNull()
  expect(versionOf(draft(flag(rollout), next)).feature_states_to_update).toHaveLength(1)
})
