import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answered, api, type Page } from '@/lib/api-client'
import type { EnvironmentId, EnvironmentKey, OrganisationId, ProjectId } from '@/lib/ids'
import { keys } from './keys'

export interface Organisation {
  id: OrganisationId
  name: string
  role: string | null
  num_seats: number
}

export interface Project {
  id: ProjectId
  uuid: string
  name: string
  organisation: OrganisationId
  only_allow_lower_case_feature_names: boolean
  feature_name_regex: string | null
  prevent_flag_defaults: boolean
  enforce_feature_owners: boolean
  stale_flags_limit_days: number
  total_features?: number
  total_segments?: number
}

export interface Environment {
  id: EnvironmentId
  uuid: string
  name: string
  api_key: EnvironmentKey
  description: string | null
  project: ProjectId
  minimum_change_request_approvals: number | null
  /** Whether people are asked, with what would change, before they change flags here. */
  is_protected: boolean
  banner_text: string | null
  banner_colour: string | null
  hide_disabled_flags: boolean | null
  use_v2_feature_versioning: boolean
}

export const organisations = queryOptions({
  queryKey: keys.organisations,
  queryFn: async ({ signal }) =>
    (await answered<Page<Organisation>>(api.GET('/api/v1/organisations/', { signal }))).results,
})

export const projectsOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: keys.projects(organisation),
    queryFn: ({ signal }) =>
      answered<Project[]>(api.GET('/api/v1/projects/', { params: { query: { organisation } }, signal })),
  })

export const projectWith = (id: ProjectId) =>
  queryOptions({
    queryKey: [...keys.project(id), 'itself'] as const,
    queryFn: ({ signal }) =>
      answered<Project>(
        api.GET('/api/v1/projects/{project_id}/', { params: { path: { project_id: id } }, signal }),
      ),
  })

export const environmentsOf = (project: ProjectId) =>
  queryOptions({
    queryKey: keys.environments(project),
    queryFn: async ({ signal }) =>
      (
        await answered<Page<Environment>>(
          api.GET('/api/v1/environments/', { params: { query: { project } }, signal }),
        )
      ).results,
  })

export function useCreateOrganisation() {
  const queryClient = useQueryClient()
  return useMutation({
    meta: { quiet: true },
    mutationFn: (name: string) =>
      answered<Organisation>(api.POST('/api/v1/organisations/', { body: { name } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.organisations }),
  })
}

interface NewProject {
  organisation: OrganisationId
  name: string
  environments: readonly string[]
}

/** A project with its first environments, which are of no use without each other. */
export function useCreateProject() {
  const queryClient = useQueryClient()
  return useMutation({
    meta: { quiet: true },
    mutationFn: async ({ organisation, name, environments }: NewProject) => {
      const body = { name, organisation }
      const project = await answered<Project>(api.POST('/api/v1/projects/', { body }))
      const made: Environment[] = []
      for (const each of environments) made.push(await createEnvironment(project.id, each))
      return { project, environments: made }
    },
    onSettled: (_made, _error, { organisation }) =>
      queryClient.invalidateQueries({ queryKey: keys.organisation(organisation) }),
  })
}

export function useCreateEnvironment(project: ProjectId) {
  const queryClient = useQueryClient()
  return useMutation({
    meta: { quiet: true },
    mutationFn: (name: string) => createEnvironment(project, name),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.project(project) }),
  })
}

function createEnvironment(project: ProjectId, name: string): Promise<Environment> {
  const body = { name, project }
  return answered<Environment>(api.POST('/api/v1/environments/', { body }))
}
