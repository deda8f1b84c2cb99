import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answered, api, type Page } from '@/lib/api-client'
import type { EnvironmentId, FeatureId, ProjectId, TagId, UserId } from '@/lib/ids'
import { keys } from './keys'
import type { Environment } from './places'

export type FlagValue = string | number | boolean | null

export interface Tag {
  id: TagId
  label: string
  color: string
  description: string | null
  is_permanent?: boolean
  is_system_tag?: boolean
}

export interface Variant {
  id: number
  type: string
  string_value: string | null
  integer_value: number | null
  boolean_value: boolean | null
  default_percentage_allocation: number
  key: string | null
}

export interface Owner {
  id: UserId
  email: string
  first_name: string
  last_name: string
}

export interface Feature {
  id: FeatureId
  name: string
  type: 'STANDARD' | 'MULTIVARIATE'
  description: string | null
  created_date: string
  default_enabled: boolean
  initial_value: string | null
  tags: TagId[]
  multivariate_options: Variant[]
  is_archived: boolean
  is_server_key_only: boolean
  owners: Owner[]
  environment_feature_state: { id: number; enabled: boolean; feature_state_value: FlagValue } | null
  num_segment_overrides: number | null
  num_identity_overrides: number | null
  last_modified_in_current_environment: string | null
}

const PAGE_SIZE = 999

/** All features of a project with their state in one environment; filtering happens here, at once. */
export const featuresOf = (project: ProjectId, environment: EnvironmentId) =>
  queryOptions({
    queryKey: [...keys.features(project), environment] as const,
    queryFn: async ({ signal }) => {
      const first = await featurePage(project, environment, 1, signal)
      const others = Math.ceil(first.count / PAGE_SIZE) - 1
      const rest = await Promise.all(
        Array.from({ length: others }, (_, place) => featurePage(project, environment, place + 2, signal)),
      )
      return [first, ...rest].flatMap((page) => page.results)
    },
  })

function featurePage(project: ProjectId, environment: EnvironmentId, page: number, signal: AbortSignal) {
  const query = { environment, page, page_size: PAGE_SIZE }
  return answered<Page<Feature>>(
    api.GET('/api/v1/projects/{project_id}/features/', {
      params: { path: { project_id: project }, query },
      signal,
    }),
  )
}

export const tagsOf = (project: ProjectId) =>
  queryOptions({
    queryKey: keys.tags(project),
    queryFn: async ({ signal }) =>
      (
        await answered<Page<Tag>>(
          api.GET('/api/v1/projects/{project_id}/tags/', {
            params: { path: { project_id: project } },
            signal,
          }),
        )
      ).results,
    staleTime: 300_000,
  })

export interface NewFeature {
  name: string
  description?: string
  initial_value?: string
  default_enabled: boolean
}

export function useCreateFeature(project: ProjectId) {
  const queryClient = useQueryClient()
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: NewFeature) =>
      answered<Feature>(
        api.POST('/api/v1/projects/{project_id}/features/', {
          params: { path: { project_id: project } },
          body,
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.features(project) }),
  })
}

/** Turns a feature on or off in one environment: shown at once, taken back when it is refused. */
export function useSetEnabled(project: ProjectId, environment: Environment) {
  const queryClient = useQueryClient()
  const { queryKey } = featuresOf(project, environment.id)
  return useMutation({
    mutationFn: ({ feature, enabled }: { feature: FeatureId; enabled: boolean }) =>
      answered(
        api.PATCH('/api/__future__/environments/{environment_key}/features/{feature_id}/', {
          params: { path: { environment_key: environment.api_key, feature_id: feature } },
          body: { environment_default: { enabled } },
        }),
      ),
    onMutate: async ({ feature, enabled }) => {
      await queryClient.cancelQueries({ queryKey })
      const before = queryClient.getQueryData(queryKey)
      queryClient.setQueryData(queryKey, (rows) =>
        rows?.map((row) => (row.id === feature ? withEnabled(row, enabled) : row)),
      )
      return { before }
    },
    onError: (_error, _change, context) => {
      queryClient.setQueryData(queryKey, context?.before)
    },
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: keys.features(project) }),
        queryClient.invalidateQueries({ queryKey: keys.environment(project, environment.api_key) }),
      ]),
  })
}

function withEnabled(row: Feature, enabled: boolean): Feature {
  const state = row.environment_feature_state
  return state ? { ...row, environment_feature_state: { ...state, enabled } } : row
}
