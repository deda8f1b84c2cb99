import { PARTS, type Difference, type FeatureDifferences, type Pair, type Part } from '@/data/compare'
import { plain as plainValue, type ToldFlag } from '@/data/targeting'
import type { FlagValue } from '@/data/features'
import type { Environment } from '@/data/places'
import type { VariantNames } from '@/widgets/variant-names'

export const PART_NAMES: Record<Part, string> = {
  enabled: 'State',
  value: 'Value',
  multivariate: 'Weights',
  segment_overrides: 'Segment overrides',
}

const STAGES: readonly RegExp[] = [/dev|local|sandbox/i, /test|qa|ci/i, /stag|pre|uat|accept/i, /prod|live/i]

/** Where a release usually goes: from the last environment before production to production. */
export function usualPair(environments: readonly Environment[]): Pair | null {
  const inOrder = environments
    .map((environment, place) => ({ environment, stage: stageOf(environment.name), place }))
    .sort((one, other) => one.stage - other.stage || one.place - other.place)
  const to = inOrder.at(-1)
  const from = inOrder.at(-2)
  return to && from ? { from: from.environment.api_key, to: to.environment.api_key } : null
}

/** Pre-production is no production; an unknown name stands between tests and staging. */
function stageOf(name: string): number {
  if (STAGES[2]?.test(name)) return 2
  const known = STAGES.findIndex((stage) => stage.test(name))
  return known < 0 ? 1.5 : known
}

/** The pair of the address where its environments exist, the usual one for the rest. */
export function pairFrom(
  asked: { from?: string | undefined; to?: string | undefined },
  environments: readonly Environment[],
): Pair | null {
  const usual = usualPair(environments)
  if (!usual) return null
  const known = (key: string | undefined) => environments.find(({ api_key }) => api_key === key)?.api_key
  const to = known(asked.to)
  const from = known(asked.from)
  const [first, second] = [from ?? usual.from, to ?? usual.to]
  if (first !== second) return { from: first, to: second }
  const other = environments.find(({ api_key }) => api_key !== (to ?? from))?.api_key ?? usual.from
  return to ? { from: other, to } : { from: first, to: other }
}

export type Shown =
  | { kind: 'state'; on: boolean }
  | { kind: 'value'; value: FlagValue }
  | { kind: 'rule'; on: boolean; value: FlagValue; percentage: number | null }
  | { kind: 'words'; text: string }

/** A difference as what happens to the target when the source is copied there. */
export interface Change {
  label: string
  before: Shown
  after: Shown
}

/** What happens to the target, one change for each difference. */
export function changesOf(flag: FeatureDifferences, variants: VariantNames): Change[] {
  return flag.differences.map((difference) =>
    difference.field === 'override' ? overrideChange(flag, difference) : changeOf(difference, variants),
  )
}

function overrideChange({ from, to }: FeatureDifferences, { segment }: Difference): Change {
  const [before, after] = [ruleIn(to, segment?.id), ruleIn(from, segment?.id)] as const
  const isRollout = [before, after].some((rule) => rule.kind === 'rule' && rule.percentage !== null)
  return { label: isRollout ? 'Roll-out' : (segment?.name ?? 'Override'), before, after }
}

function ruleIn(flag: ToldFlag, segment: number | undefined): Shown {
  const rule = flag.segment_overrides.find((each) => each.segment.id === segment)
  if (!rule) return { kind: 'words', text: 'none' }
  return {
    kind: 'rule',
    on: rule.enabled,
    value: plainValue(rule.value),
    percentage: rule.rollout?.percentage ?? null,
  }
}

function changeOf({ part, segment, field, from, to }: Difference, variants: VariantNames): Change {
  const where = part === 'segment_overrides' ? `${segment?.name ?? 'Override'} · ` : ''
  const weight = /^weight of variant (\d+)$/.exec(field)
  if (weight) {
    const name = variants.get(Number(weight[1])) ?? `variant ${weight[1] ?? ''}`
    return { label: `${where}Weight of ${name}`, before: percent(to), after: percent(from) }
  }
  switch (field) {
    case 'enabled':
      return { label: `${where}State`, before: state(to), after: state(from) }
    case 'value':
      return {
        label: `${where}Value`,
        before: { kind: 'value', value: to },
        after: { kind: 'value', value: from },
      }
    case 'rollout':
      return { label: 'Roll-out', before: percent(to), after: percent(from) }
    case 'priority':
      return { label: `${where}Priority`, before: rank(to), after: rank(from) }
    default:
      return { label: `${where}${field}`, before: plain(to), after: plain(from) }
  }
}

const state = (told: FlagValue): Shown => ({ kind: 'state', on: told === true })
const percent = (told: FlagValue): Shown => ({
  kind: 'words',
  text: told === null ? '–' : `${String(told)} %`,
})
const rank = (told: FlagValue): Shown => ({
  kind: 'words',
  text: typeof told === 'number' ? `${told + 1}.` : '–',
})
const plain = (told: FlagValue): Shown => ({ kind: 'words', text: told === null ? '–' : String(told) })

/** The flags that fit the search, with the differences of the wanted part only. */
export function narrowed(
  features: readonly FeatureDifferences[],
  { search, part }: { search?: string | undefined; part?: Part | undefined },
): FeatureDifferences[] {
  const wanted = (search ?? '').trim().toLowerCase()
  return features
    .filter(({ feature }) => feature.name.toLowerCase().includes(wanted))
    .map((each) => ({
      ...each,
      differences: each.differences.filter((difference) => part === undefined || difference.part === part),
    }))
    .filter(({ differences }) => differences.length > 0)
}

/** How many flags differ in each part; parts in which none does are absent. */
export function countsOf(features: readonly FeatureDifferences[]): (readonly [Part, number])[] {
  return PARTS.map((part) => [part, narrowed(features, { part }).length] as const).filter(
    ([, amount]) => amount > 0,
  )
}
