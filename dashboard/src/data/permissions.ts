import { queryOptions } from '@tanstack/react-query'
import { answered, api } from '@/lib/api-client'
import type { EnvironmentKey, OrganisationId, ProjectId } from '@/lib/ids'
import { keys } from './keys'

export interface Permissions {
  admin: boolean
  permissions: string[]
}

/** Where somebody may do something. */
export type Place =
  | { organisation: OrganisationId }
  | { project: ProjectId }
  | { project: ProjectId; environment: EnvironmentKey }

export const permissionsIn = (place: Place) =>
  queryOptions({
    queryKey: [...keyOf(place), 'my-permissions'] as const,
    queryFn: ({ signal }) => answered<Permissions>(asked(place, signal)),
    staleTime: 60_000,
  })

export function allows(held: Permissions | undefined, permission: string): boolean {
  return held !== undefined && (held.admin || held.permissions.includes(permission))
}

/** What everything that is read about a place hangs below. */
export function keyOf(place: Place) {
  if ('environment' in place) return keys.environment(place.project, place.environment)
  return 'project' in place ? keys.project(place.project) : keys.organisation(place.organisation)
}

function asked(place: Place, signal: AbortSignal) {
  if ('environment' in place)
    return api.GET('/api/v1/environments/{environment_key}/my-permissions/', {
      params: { path: { environment_key: place.environment } },
      signal,
    })
  if ('project' in place)
    return api.GET('/api/v1/projects/{project_id}/my-permissions/', {
      params: { path: { project_id: place.project } },
      signal,
    })
  return api.GET('/api/v1/organisations/{organisation_id}/my-permissions/', {
    params: { path: { organisation_id: place.organisation } },
    signal,
  })
}

/** Where the API keeps what belongs to a place. */
export function addressOf(place: Place): string {
  if ('environment' in place) return `/api/v1/environments/${encodeURIComponent(place.environment)}`
  return 'project' in place
    ? `/api/v1/projects/${place.project}`
    : `/api/v1/organisations/${place.organisation}`
}
