import { queryOptions } from '@tanstack/react-query'
import { answered, api, type Page } from '@/lib/api-client'
import type { EnvironmentId, EnvironmentKey, IdentityId, ProjectId } from '@/lib/ids'
import { keys } from './keys'

export interface Identity {
  id: IdentityId
  identifier: string
  environment: EnvironmentId
}

const SUGGESTED = 8

/** A few identities whose identifier has the text in it. */
export const suggestedIdentities = (project: ProjectId, environment: EnvironmentKey, text: string) =>
  queryOptions({
    queryKey: [...keys.identities(project, environment), 'suggested', text] as const,
    queryFn: async ({ signal }) =>
      (
        await answered<Page<Identity>>(
          api.GET('/api/v1/environments/{environment_key}/identities/', {
            params: { path: { environment_key: environment }, query: { q: text, page_size: SUGGESTED } },
            signal,
          }),
        )
      ).results,
  })

/** The names of all traits that identities of the environment have. */
export const traitKeysOf = (project: ProjectId, environment: EnvironmentKey) =>
  queryOptions({
    queryKey: [...keys.identities(project, environment), 'trait-keys'] as const,
    queryFn: async ({ signal }) =>
      (
        await answered<{ keys: string[] }>(
          api.GET('/api/v1/environments/{environment_key}/trait-keys/', {
            params: { path: { environment_key: environment } },
            signal,
          }),
        )
      ).keys,
    staleTime: 60_000,
  })
