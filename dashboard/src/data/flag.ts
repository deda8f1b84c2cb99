import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answered, api, post, type Page } from '@/lib/api-client'
import type { EnvironmentId, FeatureId, ProjectId, TagId } from '@/lib/ids'
import { useAct } from './act'
import type { Feature, FlagValue, Owner } from './features'
import { keys } from './keys'
import type { FieldValue } from './segments'

/** A feature with what people note about it. */
export interface FeatureInFull extends Feature {
  group_owners: { id: number; name: string }[]
  metadata: FieldValue[]
}

const within = (project: ProjectId, feature: FeatureId) => ({
  path: { project_id: project, feature_id: feature },
})

export const featureWith = (project: ProjectId, feature: FeatureId) =>
  queryOptions({
    queryKey: [...keys.features(project), 'one', feature] as const,
    queryFn: ({ signal }) =>
      answered<FeatureInFull>(
        api.GET('/api/v1/projects/{project_id}/features/{feature_id}/', {
          params: within(project, feature),
          signal,
        }),
      ),
  })

export interface FeatureChanges {
  description?: string | null
  tags?: TagId[]
  is_archived?: boolean
  is_server_key_only?: boolean
  metadata?: FieldValue[]
}

/** What people note about the feature; SDKs see none of it but `is_server_key_only`. */
export function useChangeFeature(project: ProjectId, feature: FeatureId) {
  return useAct(
    (body: FeatureChanges) =>
      answered<FeatureInFull>(
        api.PATCH('/api/v1/projects/{project_id}/features/{feature_id}/', {
          params: within(project, feature),
          body,
        }),
      ),
    { stale: [keys.project(project)] },
  )
}

export function useDeleteFeature(project: ProjectId, feature: FeatureId) {
  return useAct(
    () =>
      answered(
        api.DELETE('/api/v1/projects/{project_id}/features/{feature_id}/', {
          params: within(project, feature),
        }),
      ),
    { stale: [[...keys.features(project), 'list']] },
  )
}

interface OwnersChange {
  users: { add: Owner['id'][]; remove: Owner['id'][] }
  groups: { add: number[]; remove: number[] }
}

export function useChangeOwners(project: ProjectId, feature: FeatureId) {
  const params = within(project, feature)
  return useAct(
    // Those who come before those who go, as some projects want at least one.
    async ({ users, groups }: OwnersChange) => {
      if (users.add.length > 0)
        await answered(
          api.POST('/api/v1/projects/{project_id}/features/{feature_id}/add-owners/', {
            params,
            body: { user_ids: users.add },
          }),
        )
      if (groups.add.length > 0)
        await answered(
          api.POST('/api/v1/projects/{project_id}/features/{feature_id}/add-group-owners/', {
            params,
            body: { group_ids: groups.add },
          }),
        )
      if (users.remove.length > 0)
        await answered(
          api.POST('/api/v1/projects/{project_id}/features/{feature_id}/remove-owners/', {
            params,
            body: { user_ids: users.remove },
          }),
        )
      if (groups.remove.length > 0)
        await answered(
          api.POST('/api/v1/projects/{project_id}/features/{feature_id}/remove-group-owners/', {
            params,
            body: { group_ids: groups.remove },
          }),
        )
    },
    { stale: [keys.features(project)] },
  )
}

export interface HistoryLine {
  id: number
  created_date: string
  log: string
  author: { id: number; email: string; first_name: string; last_name: string } | null
  author_label: string | null
  environment: { id: EnvironmentId; name: string } | null
  related_object_type: string
  change_details: { field: string; old: FlagValue; new: FlagValue }[]
  can_revert: boolean
}

const HISTORY_PAGE = 20

/** Every change of the feature and its flags, the last one first. */
export const historyOf = (project: ProjectId, feature: FeatureId) =>
  infiniteQueryOptions({
    queryKey: [...keys.audit(project), 'of-feature', feature] as const,
    queryFn: ({ pageParam, signal }) =>
      answered<Page<HistoryLine>>(
        api.GET('/api/v1/projects/{project_id}/audit/', {
          params: {
            path: { project_id: project },
            query: { feature, details: true, page: pageParam, page_size: HISTORY_PAGE },
          },
          signal,
        }),
      ),
    initialPageParam: 1,
    getNextPageParam: (last, _all, page) => (last.next ? page + 1 : undefined),
  })

/** Takes a change back; with `force` also when the same was changed again since then. */
export function useRevert(project: ProjectId) {
  return useAct(
    ({ line, force }: { line: number; force: boolean }) =>
      answered<{ changed: boolean }>(post(`/api/v1/audit/${line}/revert/`, force ? { force } : {})),
    { stale: [keys.project(project)], quiet: true },
  )
}

export const DAYS_OF_USAGE = 30

/** How often SDKs reported the flag in one environment, by day. */
export const usageOf = (project: ProjectId, feature: FeatureId, environment: EnvironmentId) =>
  queryOptions({
    queryKey: [...keys.features(project), 'usage', feature, environment] as const,
    queryFn: ({ signal }) =>
      answered<{ day: string; count: number }[]>(
        api.GET('/api/v1/projects/{project_id}/features/{feature_id}/evaluation-data/', {
          params: {
            ...within(project, feature),
            query: { environment_id: environment, period: DAYS_OF_USAGE },
          },
          signal,
        }),
      ),
  })

export interface Repository {
  repository_url: string
  revision: string
  last_successful_repository_scanned_at: string
  last_feature_found_at: string | null
  code_references: { file_path: string; line_number: number; permalink: string }[]
}

/** Where the code names the feature. */
export const referencesTo = (project: ProjectId, feature: FeatureId) =>
  queryOptions({
    queryKey: [...keys.features(project), 'references', feature] as const,
    queryFn: ({ signal }) =>
      answered<Repository[]>(
        api.GET('/api/v1/projects/{project_id}/features/{feature_id}/code-references/', {
          params: within(project, feature),
          signal,
        }),
      ),
  })

export interface HealthEvent {
  id: number
  created_at: string
  environment: EnvironmentId | null
  feature: FeatureId
  provider_name: string
  type: 'HEALTHY' | 'UNHEALTHY'
  reason: {
    text_blocks?: { text: string; title?: string }[]
    url_blocks?: { url: string; title?: string }[]
  } | null
}

/** What monitors reported last, of all features of the project. */
export const healthOf = (project: ProjectId) =>
  queryOptions({
    queryKey: [...keys.features(project), 'health'] as const,
    queryFn: ({ signal }) =>
      answered<HealthEvent[]>(
        api.GET('/api/v1/projects/{project_id}/feature-health/events/', {
          params: { path: { project_id: project } },
          signal,
        }),
      ),
  })

export function useDismissHealth(project: ProjectId) {
  return useAct(
    (event: number) =>
      answered(post(`/api/v1/projects/${project}/feature-health/events/${event}/dismiss/`, {})),
    { stale: [keys.project(project)] },
  )
}
