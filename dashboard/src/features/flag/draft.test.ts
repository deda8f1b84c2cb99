// @vitest-environment jsdom
import { expect, test } from 'vitest'
import type { Flag, FlagState, Rule } from '@/data/targeting'
import { environmentKeyFrom, idFrom, type IdentityId, type SegmentId } from '@/lib/ids'
import { changesOf } from './changes'
import {
  bodyOf,
  NO_DRAFT,
  problemIn,
  rebased,
  undoing,
  withEnvironment,
  withIndividual,
  withNewRule,
  withRollout,
  withRule,
  withRuleMoved,
  withState,
} from './draft'

const OFF: FlagState = { enabled: false, value: { type: 'string', value: 'slow' }, variants: [] }
const ON: FlagState = { ...OFF, enabled: true }
const segment = (id: number): SegmentId => idFrom(String(id))
const rule = (id: number): Rule => ({ ...ON, target: { kind: 'segment', segment: segment(id) } })
const flag = (given: Partial<Flag> = {}): Flag => ({ changeNumber: 4, default: OFF, rules: [], ...given })
const drafted = (base: Flag, is: Flag) => ({ base, flag: is, individuals: [] })
const names = { segment: (id: SegmentId) => `S${id}`, variant: (id: number) => `v${id}` }
const lines = (base: Flag, is: Flag) =>
  changesOf(drafted(base, is), names).map(({ what, before, after }) => `${what}: ${before} → ${after}`)

test('only what differs is sent, with the number that the draft was made from', () => {
  expect(bodyOf(drafted(flag(), flag({ default: ON })))).toEqual({
    expected: 4,
    environment_default: { enabled: true },
  })
})

test('a changed rule sends all rules, the strongest first, and the roll-out by its share', () => {
  const base = flag({ rules: [rule(1), rule(2)] })
  const moved = withRollout(withRuleMoved(base, 1, 0), 10)
  expect(bodyOf(drafted(base, moved)).segment_overrides).toMatchObject([
    { segment: { id: 2 } },
    { segment: { id: 1 } },
    { rollout: { percentage: 10 }, enabled: true },
  ])
})

test('a roll-out that is set back to none leaves no trace', () => {
  const base = flag()
  const draft = withEnvironment(
    NO_DRAFT,
    environmentKeyFrom('prod'),
    drafted(base, withRollout(withRollout(base, 10), 0)),
  )
  expect(draft.size).toBe(0)
})

test('the diff tells states, values, new and lost rules and their order', () => {
  expect(lines(flag(), flag({ default: { ...ON, value: { type: 'integer', value: '5' } } }))).toEqual([
    'State: off → on',
    'Value: "slow" → 5',
  ])
  expect(lines(flag(), withRollout(flag(), 10))).toEqual(['Roll-out: no rule → 10 % on, "slow"'])
  expect(lines(withRollout(flag(), 10), withRollout(flag(), 25))).toEqual(['Roll-out: 10 % → 25 %'])
  expect(lines(flag({ rules: [rule(1), rule(2)] }), flag({ rules: [rule(2), rule(1)] }))).toEqual([
    'Order: S1, S2 → S2, S1',
  ])
  expect(lines(flag({ rules: [rule(1)] }), flag())).toEqual(['S1: on, "slow" → no rule'])
})

test('shares are told by the names of the variants', () => {
  const split = (weight: number) => flag({ default: { ...OFF, variants: [{ id: 9, weight }] } })
  expect(lines(split(25), split(30))).toEqual(['Share of v9: 25 % → 30 %'])
})

test('upon what somebody else saved, mine stays where I changed something and theirs comes elsewhere', () => {
  const base = flag({ rules: [rule(1)] })
  const mine = { ...base, default: withState(base.default, { enabled: true }) }
  const theirs = flag({
    changeNumber: 5,
    default: withState(OFF, { value: { type: 'string', value: 'fast' } }),
    rules: [rule(1), rule(2)],
  })
  const after = rebased(drafted(base, mine), theirs)
  expect(after.flag.default).toEqual({ ...ON, value: { type: 'string', value: 'fast' } })
  expect(after.flag.rules).toEqual(theirs.rules)
  expect(bodyOf(after)).toEqual({ expected: 5, environment_default: { enabled: true } })
})

test('undoing sends the opposite from the flag that was saved', () => {
  const base = flag({ rules: [rule(1)] })
  const is = withRule({ ...base, default: ON }, 0, { enabled: false })
  expect(bodyOf(undoing(drafted(base, is), 5))).toMatchObject({
    expected: 5,
    environment_default: { enabled: false },
    segment_overrides: [{ segment: { id: 1 }, enabled: true }],
  })
})

test('an individual that is put back as it was is no change', () => {
  const lena = { identity: idFrom<IdentityId>('7'), identifier: 'lena', before: null }
  const added = withIndividual([], { ...lena, after: ON })
  expect(bodyOf({ ...drafted(flag(), flag()), individuals: added }).identity_overrides).toEqual([
    { identity: { id: 7 }, enabled: true, value: ON.value },
  ])
  expect(withIndividual(added, { ...lena, after: null })).toEqual([])
})

test('what the server would refuse is said before', () => {
  const over = withNewRule(
    flag({
      default: {
        ...OFF,
        variants: [
          { id: 1, weight: 60 },
          { id: 2, weight: 50 },
        ],
      },
    }),
    { kind: 'rollout', percentage: 5 },
  )
  expect(problemIn(drafted(flag(), over))).toMatch(/100 %/)
  const fraction = flag({ default: { ...OFF, value: { type: 'integer', value: '1.5' } } })
  expect(problemIn(drafted(flag(), fraction))).toMatch(/whole/)
  const edge = flag({ default: { ...OFF, value: { type: 'integer', value: '-2147483648' } } })
  expect(problemIn(drafted(flag(), edge))).toBeNull()
})
