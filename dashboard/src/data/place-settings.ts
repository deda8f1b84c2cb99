import { queryOptions } from '@tanstack/react-query'
import { answered, ask } from '@/lib/api-client'
import type { OrganisationId, ProjectId } from '@/lib/ids'
import { useAct } from './act'
import { keys } from './keys'
import { addressOf, keyOf, type Place } from './permissions'
import type { Environment, Organisation, Project } from './places'

export interface OrganisationSettings extends Organisation {
  webhook_notification_email: string | null
  restrict_project_create_to_admin: boolean
  force_2fa: boolean
  persist_trait_data: boolean
  stop_serving_flags: boolean
}

export interface ProjectSettings extends Project {
  hide_disabled_flags: boolean
  enable_realtime_updates: boolean
  minimum_change_request_approvals: number | null
  max_features_allowed: number
  max_segments_allowed: number
  max_segment_overrides_allowed: number
}

export interface EnvironmentSettings extends Environment {
  allow_client_traits: boolean
  hide_sensitive_data: boolean
  use_identity_composite_key_for_hashing: boolean
  use_identity_overrides_in_local_eval: boolean
  total_segment_overrides: number
}

const settingsOf = <Told>(place: Place) =>
  queryOptions({
    queryKey: [...keyOf(place), 'settings'] as const,
    queryFn: ({ signal }) => answered<Told>(ask(`${addressOf(place)}/`, { signal })),
  })

export const organisationSettings = (organisation: OrganisationId) =>
  settingsOf<OrganisationSettings>({ organisation })

export const projectSettings = (project: ProjectId) => settingsOf<ProjectSettings>({ project })

export const environmentSettings = (project: ProjectId, environment: Environment['api_key']) =>
  settingsOf<EnvironmentSettings>({ project, environment })

/** What shows a place in lists, and everything below it. */
function showing(place: Place) {
  if ('organisation' in place) return [keyOf(place), keys.organisations]
  return 'environment' in place
    ? [keys.environments(place.project), keyOf(place)]
    : [keyOf(place), ['organisation']]
}

export function useChangeSettings(place: Place) {
  return useAct(
    (body: Readonly<Record<string, unknown>>) =>
      answered(ask(`${addressOf(place)}/`, { method: 'PATCH', body })),
    { stale: showing(place), quiet: true },
  )
}

export function useDeletePlace(place: Place) {
  const above =
    'environment' in place ? [keys.environments(place.project)] : [keys.organisations, ['organisation']]
  return useAct(() => answered(ask(`${addressOf(place)}/`, { method: 'DELETE' })), { stale: above })
}

/** Keeps the history of every feature as versions; turning it off again forgets them. */
export function useSetVersioning(place: Extract<Place, { environment: unknown }>) {
  return useAct(
    (on: boolean) =>
      answered(ask(`${addressOf(place)}/${on ? 'enable' : 'disable'}-v2-versioning/`, { method: 'POST' })),
    { stale: showing(place) },
  )
}
