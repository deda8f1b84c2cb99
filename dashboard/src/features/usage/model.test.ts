// @vitest-environment jsdom
import { expect, test } from 'vitest'
import type { Outcome, Usage } from '@/data/usage'
import { linesOf, nameOf, pointsOf, share } from './model'
import { usageQuery } from './usage-search'

function aUsage(amounts: readonly (readonly number[])[], others: readonly number[] = [0, 0]): Usage {
  const series = amounts.map((counts, place) => ({
    key: `feature_${place}`,
    name: null,
    outcome: null,
    counts,
    total: counts.reduce((sum, each) => sum + each, 0),
  }))
  return {
    by: 'feature',
    step: 'day',
    moments: ['2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'],
    total: series.reduce((sum, each) => sum + each.total, 0),
    series,
    others,
  }
}

const noColour = () => undefined

test('every line has a colour of its own and its points', () => {
  const usage = aUsage([
    [1, 2],
    [3, 0],
  ])
  const lines = linesOf(usage, noColour)
  expect(new Set(lines.map(({ colour }) => colour)).size).toBe(2)
  expect(pointsOf(usage, lines).map(({ line0, line1 }) => [line0, line1])).toEqual([
    [1, 3],
    [2, 0],
  ])
})

test('the small ones are drawn as one line, and nothing is lost', () => {
  const usage = aUsage(
    Array.from({ length: 12 }, () => [1, 2]),
    [10, 0],
  )
  const lines = linesOf(usage, noColour)
  expect(lines).toHaveLength(8)
  expect(lines.at(-1)).toMatchObject({ label: 'Others', counts: [15, 10] })
  expect(lines.reduce((sum, { total }) => sum + total, 0)).toBe(12 * 3 + 10)
})

test('what has no name is named', () => {
  expect(nameOf('sdk', { key: null, name: null, outcome: null })).toBe('No SDK named')
  expect(nameOf('state', { key: 'True', name: null, outcome: null })).toBe('On')
  expect(nameOf('environment', { key: '2', name: 'Production', outcome: null })).toBe('Production')
})

test('an outcome is named by state, variant and value', () => {
  const named = (facts: Partial<Outcome>) =>
    nameOf('outcome', {
      key: 'k',
      name: null,
      outcome: {
        enabled: true,
        form: 'text',
        value: 'blue',
        is_cut: false,
        variant: null,
        reason: 'default',
        ...facts,
      },
    })
  expect(named({})).toBe('On · “blue”')
  expect(named({ variant: 'big', form: 'number', value: '12' })).toBe('On · big · 12')
  expect(named({ enabled: false, form: 'nothing', value: null, reason: 'segment' })).toBe(
    'Off · no value · by segment',
  )
  expect(named({ value: '' })).toBe('On · “”')
  expect(named({ value: 'x'.repeat(70) })).toBe(`On · “${'x'.repeat(60)}…”`)
  expect(named({ form: 'untold', value: null, reason: 'identity' })).toBe('On · set for individuals')
  expect(named({ form: 'other', enabled: null, value: null, reason: null })).toBe('Other outcomes')
})

test('a share of almost nothing is not nothing', () => {
  expect([share(1, 1000), share(1, 2), share(0, 5), share(0, 0)]).toEqual(['< 1 %', '50 %', '0 %', '–'])
})

test('an address without parts asks for the API calls of a month by environment', () => {
  expect(usageQuery({})).toMatchObject({ what: 'requests', by: 'environment', days: 30 })
  expect(usageQuery({ what: 'evaluations' })).toMatchObject({ by: 'feature' })
  expect(usageQuery({ what: 'evaluations', feature: 3, by: 'feature' })).toMatchObject({
    by: 'environment',
    feature: 3,
  })
  expect(usageQuery({ what: 'outcomes', feature: 3 })).toMatchObject({ by: 'outcome', feature: 3 })
  expect(usageQuery({ by: 'variant', period: '24h' })).toMatchObject({ by: 'environment', hours: 24 })
})
