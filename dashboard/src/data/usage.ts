import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answered, api } from '@/lib/api-client'
import type { EnvironmentId, FeatureId, ProjectId } from '@/lib/ids'
import { keys } from './keys'
import { LOOK_AGAIN } from './look-again'

export const SPLITS = {
  requests: ['environment', 'resource', 'sdk'],
  evaluations: ['feature', 'environment', 'sdk', 'variant', 'state'],
  /** What became of one feature where the server evaluated it. */
  outcomes: ['outcome'],
} as const

export const PERIODS = ['24h', '7d', '30d', '90d'] as const
export type Period = (typeof PERIODS)[number]

export type What = keyof typeof SPLITS
export type By = (typeof SPLITS)[What][number]

export interface UsageQuery {
  what: What
  by: By
  days?: number | undefined
  hours?: number | undefined
  environment?: EnvironmentId | undefined
  feature?: FeatureId | undefined
}

/** State and value as the server told them. */
export interface Outcome {
  /** Null when many outcomes are told as one. */
  enabled: boolean | null
  /** What the value is, or why there is none. */
  form: 'text' | 'number' | 'boolean' | 'nothing' | 'untold' | 'other'
  value: string | null
  is_cut: boolean
  variant: string | null
  /** Whose state it is; null where answers hide it. */
  reason: 'default' | 'segment' | 'identity' | null
}

export interface UsageSeries {
  key: string | null
  /** Of an environment; other keys are their own name. */
  name: string | null
  /** Of series by outcome. */
  outcome: Outcome | null
  total: number
  counts: readonly number[]
}

export interface Usage {
  by: By
  step: 'day' | 'hour'
  moments: readonly string[]
  total: number
  /** The largest first. */
  series: readonly UsageSeries[]
  others: readonly number[]
}

/** How often the SDKs asked; asked again every few seconds while somebody looks. */
export const usageOf = (project: ProjectId, query: UsageQuery) =>
  queryOptions({
    queryKey: [...keys.project(project), 'usage', query] as const,
    queryFn: ({ signal }) =>
      answered<Usage>(
        api.GET('/api/v1/projects/{project_id}/usage-series/', {
          params: { path: { project_id: project }, query: { ...query } },
          signal,
        }),
      ),
    refetchInterval: LOOK_AGAIN,
    placeholderData: keepPreviousData,
  })
