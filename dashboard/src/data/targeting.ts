import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answered, api, post, type Page } from '@/lib/api-client'
import type { EnvironmentKey, FeatureId, IdentityId, ProjectId, SegmentId } from '@/lib/ids'
import type { FlagValue } from './features'
import { keys } from './keys'
import type { Segment } from './segments'

/** A value as the newer routes spell it, so that `"50"` and `50` stay apart while somebody types. */
export interface TypedValue {
  type: 'string' | 'integer' | 'boolean'
  value: string
}

export interface Weight {
  id: number
  weight: number
}

export interface FlagState {
  enabled: boolean
  value: TypedValue | null
  variants: readonly Weight[]
}

/** For whom a rule is: a segment, or a share of everybody by the flag's own hidden segment. */
export type Target = { kind: 'segment'; segment: SegmentId } | { kind: 'rollout'; percentage: number }

export interface Rule extends FlagState {
  target: Target
}

/** A flag in one environment; its rules the strongest first. */
export interface Flag {
  changeNumber: number
  default: FlagState
  rules: readonly Rule[]
}

/** What one identity gets whatever the rules say. */
export interface Individual extends FlagState {
  identity: IdentityId
  identifier: string
}

interface ToldOverride extends FlagState {
  segment: { id: SegmentId; name?: string }
  rollout?: { percentage: number } | null
  priority: number
}

export interface ToldFlag {
  environment_default: FlagState
  segment_overrides: readonly ToldOverride[]
}

export function flagFrom(told: ToldFlag, changeNumber: number): Flag {
  return {
    changeNumber,
    default: stateOf(told.environment_default),
    rules: told.segment_overrides.map((override) => ({
      ...stateOf(override),
      target: override.rollout
        ? { kind: 'rollout', percentage: override.rollout.percentage }
        : { kind: 'segment', segment: override.segment.id },
    })),
  }
}

function stateOf({ enabled, value, variants }: FlagState): FlagState {
  return { enabled, value, variants }
}

/** The flag in one environment, with the number that tells one edit of it from the next. */
export const flagIn = (project: ProjectId, environment: EnvironmentKey, feature: FeatureId) =>
  queryOptions({
    queryKey: [...keys.flag(project, environment, feature), 'itself'] as const,
    queryFn: async ({ signal }) => {
      const call = api.GET('/api/__future__/environments/{environment_key}/features/{feature_id}/', {
        params: { path: { environment_key: environment, feature_id: feature } },
        signal,
      })
      const told = await answered<ToldFlag>(call)
      const tag = (await call).response.headers.get('ETag') ?? ''
      return flagFrom(told, Number(tag.replace(/\D/g, '')))
    },
  })

interface ToldIndividual {
  enabled: boolean
  feature_state_value: FlagValue
  identity: { id: IdentityId; identifier: string }
  multivariate_feature_state_values: readonly {
    multivariate_feature_option: number
    percentage_allocation: number
  }[]
}

export const INDIVIDUALS_A_PAGE = 25

/** Identities with a value of their own, some of those that have the text in their identifier, and how many there are. */
export const individualsIn = (
  project: ProjectId,
  environment: EnvironmentKey,
  feature: FeatureId,
  { q, page }: { q: string; page: number },
) =>
  queryOptions({
    queryKey: [...keys.flag(project, environment, feature), 'individuals', q, page] as const,
    queryFn: async ({ signal }) => {
      const query = { anyIdentity: 1, feature, page_size: INDIVIDUALS_A_PAGE, page, ...(q && { q }) }
      const told = await answered<Page<ToldIndividual>>(
        api.GET('/api/v1/environments/{environment_key}/featurestates/', {
          params: { path: { environment_key: environment }, query },
          signal,
        }),
      )
      return { count: told.count, rows: told.results.map(individualFrom) }
    },
    placeholderData: keepPreviousData,
  })

function individualFrom(told: ToldIndividual): Individual {
  return {
    identity: told.identity.id,
    identifier: told.identity.identifier,
    enabled: told.enabled,
    value: typed(told.feature_state_value),
    variants: told.multivariate_feature_state_values.map((each) => ({
      id: each.multivariate_feature_option,
      weight: each.percentage_allocation,
    })),
  }
}

export function typed(value: FlagValue): TypedValue | null {
  if (value === null) return null
  if (typeof value === 'boolean') return { type: 'boolean', value: String(value) }
  return { type: typeof value === 'number' ? 'integer' : 'string', value: String(value) }
}

export function plain(value: TypedValue | null): FlagValue {
  if (value === null) return null
  if (value.type === 'boolean') return value.value === 'true'
  return value.type === 'integer' ? Number(value.value) : value.value
}

/** The segments that a flag can be targeted at: those of everybody and its own. */
export const segmentsFor = (project: ProjectId, feature: FeatureId) =>
  queryOptions({
    queryKey: [...keys.segments(project), 'for', feature] as const,
    queryFn: async ({ signal }) => {
      const told = await answered<Page<Segment>>(
        api.GET('/api/v1/projects/{project_id}/segments/', {
          params: { path: { project_id: project }, query: { page_size: 999 } },
          signal,
        }),
      )
      return told.results.filter((segment) => segment.feature === null || segment.feature === feature)
    },
  })

export interface FoundIdentity {
  id: IdentityId
  identifier: string
}

/** An identity that no application has asked for yet, so that it can be given a value beforehand. */
export function useCreateIdentity(project: ProjectId, environment: EnvironmentKey) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (identifier: string) =>
      answered<FoundIdentity>(
        api.POST('/api/v1/environments/{environment_key}/identities/', {
          params: { path: { environment_key: environment } },
          body: { identifier },
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.identities(project, environment) }),
  })
}

/** What is sent of a draft of one environment. */
export interface DraftBody {
  expected?: number
  environment_default?: Partial<FlagState>
  segment_overrides?: readonly object[]
  identity_overrides?: readonly object[]
}

interface Served {
  enabled: boolean
  value: FlagValue
  variant: string | null
}

export interface Flips {
  examined: number
  total: number
  changed: number
  groups: readonly { from: Served; to: Served; count: number; samples: readonly FoundIdentity[] }[]
  anonymous: { from: Served; to: Served; changed: boolean }
}

/** Who gets something else once the draft is saved. */
export const flipsOf = (
  project: ProjectId,
  environment: EnvironmentKey,
  feature: FeatureId,
  draft: DraftBody,
) =>
  queryOptions({
    queryKey: [...keys.flag(project, environment, feature), 'flips', draft] as const,
    queryFn: () =>
      answered<Flips>(post(`/api/v1/environments/${environment}/features/${feature}/preview/`, draft)),
    placeholderData: keepPreviousData,
    retry: false,
  })

export interface Saving {
  note?: string
  environments: Readonly<Record<string, DraftBody>>
}

/** All environments of a draft in one step, or none of them. */
export function useSaveFlag(project: ProjectId, feature: FeatureId) {
  const queryClient = useQueryClient()
  return useMutation({
    meta: { quiet: true },
    mutationFn: (saving: Saving) =>
      answered<{
        environments: Record<EnvironmentKey, ToldFlag & { change_number: number; changed: boolean }>
      }>(post(`/api/v1/projects/${project}/features/${feature}/save/`, saving)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.project(project) }),
  })
}
