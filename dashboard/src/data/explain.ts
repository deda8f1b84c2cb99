import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answered, post } from '@/lib/api-client'
import type { EnvironmentKey, FeatureId, IdentityId, ProjectId, SegmentId } from '@/lib/ids'
import type { FlagValue } from './features'
import { keys } from './keys'
import type { Operator, RuleType } from './segment-rules'

export type TraitValue = string | number | boolean

/** Who asks, and for what; without an identifier nobody in particular, without a feature for all. */
export interface Question {
  identifier?: string
  traits?: Readonly<Record<string, TraitValue>>
  use_stored?: boolean
  feature?: FeatureId
}

export interface ToldTrait {
  key: string
  value: TraitValue
  origin: 'given' | 'stored'
}

export interface ToldCondition {
  operator: Operator
  property: string | null
  wanted: string | null
  seen: FlagValue
  held: boolean
  /** Where the identity stands in the split, from 0 to 100. */
  place: number | null
}

export interface ToldRule {
  type: RuleType
  held: boolean
  conditions: ToldCondition[]
  rules: ToldRule[]
}

export interface ToldSegment {
  id: SegmentId
  name: string
  feature: FeatureId | null
  matched: boolean
  rules: ToldRule[]
}

interface SegmentName {
  id: SegmentId
  name: string
}

export interface Decision {
  kind: 'identity_override' | 'segment' | 'split' | 'default'
  segment: SegmentName | null
  priority: number | null
  place: number | null
}

export interface ToldFlag {
  feature: { id: FeatureId; name: string; type: 'STANDARD' | 'MULTIVARIATE' }
  enabled: boolean
  value: FlagValue
  variant: string | null
  reason: string
  decided_by: Decision
  overrides: { segment: SegmentName; priority: number | null; matched: boolean; decided: boolean }[]
}

export interface Explanation {
  identity: {
    id: IdentityId | null
    identifier: string | null
    stored: boolean
    traits: ToldTrait[]
  } | null
  flags: ToldFlag[]
  segments: ToldSegment[]
}

/** Who gets what, and why; told anew when something changes in the environment. */
export const explanationOf = (project: ProjectId, environment: EnvironmentKey, question: Question) =>
  queryOptions({
    queryKey: [...keys.environment(project, environment), 'explain', question] as const,
    queryFn: () =>
      answered<Explanation>(
        post(`/api/v1/environments/${encodeURIComponent(environment)}/explain/`, question),
      ),
    placeholderData: keepPreviousData,
  })
