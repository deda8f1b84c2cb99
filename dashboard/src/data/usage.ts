import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answered, api } from '@/lib/api-client'
import type { EnvironmentId, FeatureId, ProjectId } from '@/lib/ids'
import { keys } from './keys'

export const SPLITS = {
  requests: ['environment', 'resource', 'sdk'],
  evaluations: ['feature', 'environment', 'sdk', 'variant', 'state'],
} as const

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

export interface UsageSeries {
  key: string | null
  /** Of an environment; other keys are their own name. */
  name: string | null
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

const LOOK_AGAIN = 5_000

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
