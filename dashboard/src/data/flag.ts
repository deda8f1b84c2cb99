import { queryOptions } from '@tanstack/react-query'
import { answered, api, ask, post, type Page } from '@/lib/api-client'
import type { EnvironmentId, FeatureId, ProjectId, TagId } from '@/lib/ids'
import { useAct } from './act'
import type { CustomField } from './custom-fields'
import type { Feature, Owner } from './features'
import { keys } from './keys'
import type { FieldValue } from './segments'
import type { TypedValue } from './targeting'

/** A feature with what people note about it. */
export interface FeatureInFull extends Feature {
  group_owners: { id: number; name: string }[]
  metadata: FieldValue[]
}

const within = (project: ProjectId, feature: FeatureId) => ({
  path: { project_id: project, feature_id: feature },
})

function pathOf(project: ProjectId, feature: FeatureId): string {
  return `/api/v1/projects/${project}/features/${feature}/`
}

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
      answered<FeatureInFull>(ask(pathOf(project, feature), { method: 'PATCH', body })),
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
    { stale: [keys.project(project)] },
  )
}

/** The custom fields that features of the project have. */
export const featureFieldsOf = (project: ProjectId) =>
  queryOptions({
    queryKey: [...keys.project(project), 'feature-fields'] as const,
    queryFn: async ({ signal }) =>
      (
        await answered<Page<CustomField>>(
          ask(`/api/v1/projects/${project}/metadata/fields/?include_organisation=true&entity=feature`, {
            signal,
          }),
        )
      ).results,
  })

export interface OwnersChange {
  users: { add: Owner['id'][]; remove: Owner['id'][] }
  groups: { add: number[]; remove: number[] }
}

export function useChangeOwners(project: ProjectId, feature: FeatureId) {
  const put = (act: string, body: object) =>
    answered(ask(`${pathOf(project, feature)}${act}/`, { method: 'POST', body }))
  return useAct(
    // Those who come before those who go, as some projects want at least one.
    async ({ users, groups }: OwnersChange) => {
      if (users.add.length > 0) await put('add-owners', { user_ids: users.add })
      if (groups.add.length > 0) await put('add-group-owners', { group_ids: groups.add })
      if (users.remove.length > 0) await put('remove-owners', { user_ids: users.remove })
      if (groups.remove.length > 0) await put('remove-group-owners', { group_ids: groups.remove })
    },
    { stale: [keys.features(project)] },
  )
}

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
        ask(`/api/v1/projects/${project}/features/${feature}/code-references/`, { signal }),
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
      answered<HealthEvent[]>(ask(`/api/v1/projects/${project}/feature-health/events/`, { signal })),
  })

export function useDismissHealth(project: ProjectId) {
  return useAct(
    (event: number) =>
      answered(post(`/api/v1/projects/${project}/feature-health/events/${event}/dismiss/`, {})),
    { stale: [keys.project(project)] },
  )
}

export interface VariantDraft {
  key: string | null
  value: TypedValue
}

/** What the feature's variants shall be: those without an id come, those left out go. A new one has no share yet. */
export function useSaveVariants(project: ProjectId, feature: FeatureId) {
  const all = `/api/v1/projects/${project}/features/${feature}/mv-options/`
  return useAct(
    async ({
      gone,
      kept,
    }: {
      gone: readonly number[]
      kept: readonly (VariantDraft & { id: number | null })[]
    }) => {
      for (const { id, key, value } of kept) {
        const body = { feature, key, ...columnsOf(value) }
        await answered(
          id === null
            ? ask(all, { method: 'POST', body: { ...body, default_percentage_allocation: 0 } })
            : ask(`${all}${id}/`, { method: 'PATCH', body }),
        )
      }
      for (const id of gone) await answered(ask(`${all}${id}/`, { method: 'DELETE' }))
    },
    { stale: [keys.project(project)], quiet: true },
  )
}

function columnsOf({ type, value }: TypedValue) {
  if (type === 'integer') return { type: 'int', integer_value: Number(value) }
  if (type === 'boolean') return { type: 'bool', boolean_value: value === 'true' }
  return { type: 'unicode', string_value: value }
}

export interface Standing {
  lifecycle_stage: string
  is_stale: boolean
  last_evaluated: string | null
}

/** In which stage of its life the feature is, and when it was last asked for. */
export const standingOf = (project: ProjectId, feature: FeatureId, name: string) =>
  queryOptions({
    queryKey: [...keys.features(project), 'standing', feature] as const,
    queryFn: async ({ signal }) => {
      const path = `/api/v1/projects/${project}/flag-matrix/?page_size=100&search=${encodeURIComponent(name)}`
      const { results } = await answered<Page<Standing & { id: FeatureId }>>(ask(path, { signal }))
      return results.find(({ id }) => id === feature) ?? null
    },
  })
