// @vitest-environment jsdom
import { expect, test } from 'vitest'
import type { Difference, FeatureDifferences } from '@/data/compare'
import type { Environment } from '@/data/places'
import { environmentKeyFrom, idFrom } from '@/lib/ids'
import { anEnvironment } from '@/testing/builders'
import { changesOf, countsOf, narrowed, pairFrom, usualPair } from './model'

const environments = ['Production', 'Development', 'Staging'].map((name, place) =>
  anEnvironment({
    id: idFrom<Environment['id']>(String(place + 1)),
    name,
    api_key: environmentKeyFrom(name.toLowerCase()),
  }),
)

test('a release usually goes from the last environment before production to production', () => {
  expect(usualPair(environments)).toEqual({ from: 'staging', to: 'production' })
  expect(usualPair(environments.slice(0, 2))).toEqual({ from: 'development', to: 'production' })
  expect(usualPair(environments.slice(0, 1))).toBeNull()
})

test('names that nobody knows keep their order', () => {
  const [red, blue] = ['Red', 'Blue'].map((name) =>
    anEnvironment({ name, api_key: environmentKeyFrom(name) }),
  )
  expect(red && blue && usualPair([red, blue])).toEqual({ from: 'Red', to: 'Blue' })
})

test('the pair of the address wins, and never compares an environment with itself', () => {
  expect(pairFrom({ from: 'production', to: 'development' }, environments)).toEqual({
    from: 'production',
    to: 'development',
  })
  expect(pairFrom({ from: 'gone' }, environments)).toEqual({ from: 'staging', to: 'production' })
  expect(pairFrom({ from: 'production' }, environments)).toMatchObject({
    from: 'production',
    to: 'development',
  })
  expect(pairFrom({ to: 'staging' }, environments)).toMatchObject({ from: 'production', to: 'staging' })
})

const flagState = { enabled: false, value: null, variants: [] }
const staff = { id: idFrom<NonNullable<Difference['segment']>['id']>('5'), name: 'Staff' }

function aFlag(name: string, differences: Difference[], rollout: { percentage: number } | null = null) {
  const override = { ...flagState, enabled: true, segment: staff, rollout, priority: 0 }
  return {
    feature: { id: idFrom<FeatureDifferences['feature']['id']>('3'), name },
    from: { environment_default: flagState, segment_overrides: [override] },
    to: { change_number: 1, environment_default: flagState, segment_overrides: [] },
    differences,
  } satisfies FeatureDifferences
}

const enabled: Difference = { part: 'enabled', segment: null, field: 'enabled', from: true, to: false }
const override: Difference = {
  part: 'segment_overrides',
  segment: staff,
  field: 'override',
  from: true,
  to: false,
}

test('a change reads from what the target has to what the source has', () => {
  expect(changesOf(aFlag('dark_mode', [enabled]), new Map())).toEqual([
    { label: 'State', before: { kind: 'state', on: false }, after: { kind: 'state', on: true } },
  ])
})

test('an override is told with what it serves, a roll-out with its share', () => {
  const [ofSegment] = changesOf(aFlag('a', [override]), new Map())
  expect(ofSegment).toMatchObject({
    label: 'Staff',
    before: { text: 'none' },
    after: { kind: 'rule', on: true },
  })
  const [ofRollout] = changesOf(aFlag('a', [override], { percentage: 25 }), new Map())
  expect(ofRollout).toMatchObject({ label: 'Roll-out', after: { percentage: 25 } })
})

test('weights are named after their variants', () => {
  const weight: Difference = {
    part: 'multivariate',
    segment: null,
    field: 'weight of variant 9',
    from: 50,
    to: 25,
  }
  const [change] = changesOf(aFlag('a', [weight]), new Map([[9, 'fast']]))
  expect(change).toMatchObject({ label: 'Weight of fast', before: { text: '25 %' }, after: { text: '50 %' } })
})

test('search and part narrow the flags and their differences', () => {
  const flags = [aFlag('dark_mode', [enabled, override]), aFlag('checkout', [enabled])]
  expect(narrowed(flags, { search: 'Dark' }).map(({ feature }) => feature.name)).toEqual(['dark_mode'])
  const [only] = narrowed(flags, { part: 'segment_overrides' })
  expect(only?.differences).toEqual([override])
  expect(countsOf(flags)).toEqual([
    ['enabled', 2],
    ['segment_overrides', 1],
  ])
})
