import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answered, api, post, type Page } from '@/lib/api-client'
import type { EnvironmentKey, FeatureId, ProjectId, SegmentId } from '@/lib/ids'
import type { FlagValue } from './features'
import { keys } from './keys'
import type { FlagState, ToldFlag } from './targeting'

export const PARTS = ['enabled', 'value', 'multivariate', 'segment_overrides'] as const
export type Part = (typeof PARTS)[number]

/** What one flag has otherwise in two environments. */
export interface Difference {
  part: Part
  segment: { id: SegmentId; name: string } | null
  field: string
  from: FlagValue
  to: FlagValue
}

export interface FeatureDifferences {
  feature: { id: FeatureId; name: string }
  from: ToldFlag
  /** Before the promotion, also in its answer. */
  to: ToldFlag & { change_number: number }
  differences: Difference[]
}

export interface Comparison {
  compared: number
  features: FeatureDifferences[]
}

export interface Pair {
  from: EnvironmentKey
  to: EnvironmentKey
}

/** The flags that differ between two environments; with `feature` of that one alone. */
export const comparisonOf = (project: ProjectId, { from, to }: Pair, feature?: FeatureId) =>
  queryOptions({
    queryKey: [...keys.features(project), 'comparison', from, to, feature ?? null] as const,
    queryFn: ({ signal }) =>
      answered<Comparison>(
        api.GET('/api/v1/projects/{project_id}/compare/', {
          params: { path: { project_id: project }, query: { from, to, ...(feature && { feature }) } },
          signal,
        }),
      ),
  })

export interface Promotion extends Pair {
  features: readonly FeatureId[]
  parts: readonly Part[]
}

interface Promoted {
  features: FeatureDifferences[]
}

/** What a promotion would change, as the server sees it now. */
export const promotionOf = (project: ProjectId, promotion: Promotion) =>
  queryOptions({
    queryKey: [...keys.features(project), 'promotion', promotion] as const,
    queryFn: ({ signal }) => promote({ ...promotion, dry_run: true }, signal),
    staleTime: 0,
  })

/** Copies flags from one environment to another: all of them or none. */
export function usePromote(project: ProjectId) {
  const queryClient = useQueryClient()
  return useMutation({
    meta: { quiet: true },
    mutationFn: (promotion: Promotion & { note?: string }) => promote({ ...promotion, dry_run: false }),
    onSettled: (_done, _error, { to }) =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: keys.features(project) }),
        queryClient.invalidateQueries({ queryKey: keys.audit(project) }),
        queryClient.invalidateQueries({ queryKey: keys.environment(project, to) }),
      ]),
  })
}

/** Makes flags again what they were before a promotion; refused where somebody changed one since. */
export function useTakeBack(project: ProjectId, onSuccess: () => void) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: async ({ to, flags }: { to: EnvironmentKey; flags: readonly FeatureDifferences[] }) => {
      for (const flag of flags) await answered(asBefore(project, to, flag))
    },
    // Said here: the dialog that asked is gone by then.
    onSuccess,
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.project(project) }),
  })
}

function asBefore(project: ProjectId, key: EnvironmentKey, { feature, to }: FeatureDifferences) {
  const draft = {
    expected: to.change_number + 1,
    environment_default: stateBody(to.environment_default),
    segment_overrides: to.segment_overrides.map(({ segment, rollout, ...state }) => ({
      ...(rollout ? { rollout } : { segment: { id: segment.id } }),
      ...stateBody(state),
    })),
  }
  return post(`/api/v1/projects/${project}/features/${feature.id}/save/`, { environments: { [key]: draft } })
}

/** Variants are named all or not at all. */
function stateBody({ enabled, value, variants }: FlagState) {
  return { enabled, value, ...(variants.length > 0 && { variants }) }
}

function promote(
  { to, ...body }: Promotion & { dry_run: boolean; note?: string },
  signal?: AbortSignal,
): Promise<Promoted> {
  return answered<Promoted>(
    api.POST('/api/v1/environments/{environment_key}/promote/', {
      params: { path: { environment_key: to } },
      body: { ...body, features: [...body.features], parts: [...body.parts] },
      ...(signal && { signal }),
    }),
  )
}

export interface StateThere {
  enabled: boolean
  value: FlagValue
  segment_overrides: number
  identity_overrides: number
}

/** One flag in all environments that one may see, by the id of the environment; null when there is no such flag. */
export const statesOf = (project: ProjectId, feature: { id: FeatureId; name: string }) =>
  queryOptions({
    queryKey: [...keys.features(project), 'states', feature.id] as const,
    queryFn: async ({ signal }) => {
      const found = await answered<Page<{ id: FeatureId; states: Record<string, StateThere | undefined> }>>(
        api.GET('/api/v1/projects/{project_id}/flag-matrix/', {
          params: { path: { project_id: project }, query: { search: feature.name, page_size: 999 } },
          signal,
        }),
      )
      return found.results.find(({ id }) => id === feature.id)?.states ?? null
    },
  })
