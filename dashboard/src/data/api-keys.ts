import { queryOptions } from '@tanstack/react-query'
import { answered, api, ask, type Page } from '@/lib/api-client'
import type { EnvironmentKey, OrganisationId, ProjectId } from '@/lib/ids'
import { useAct } from './act'
import { keys } from './keys'

/** A key of the organisation, for machines; its text is told once. */
export interface ApiKey {
  id: string
  name: string
  created: string
  expiry_date: string | null
  revoked: boolean
  has_expired: boolean
  is_admin: boolean
  key: string | null
}

const keysAt = (organisation: OrganisationId) => `/api/v1/organisations/${organisation}/master-api-keys/`

export const apiKeysOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: keys.apiKeys(organisation),
    queryFn: async ({ signal }) =>
      (await answered<Page<ApiKey>>(ask(keysAt(organisation), { signal }))).results,
  })

export interface NewApiKey {
  name: string
  is_admin: boolean
  expiry_date: string | null
}

export function useCreateApiKey(organisation: OrganisationId) {
  return useAct((body: NewApiKey) => answered<ApiKey>(ask(keysAt(organisation), { method: 'POST', body })), {
    stale: [keys.apiKeys(organisation)],
    quiet: true,
  })
}

export function useDeleteApiKey(organisation: OrganisationId) {
  return useAct((id: string) => answered(ask(`${keysAt(organisation)}${id}/`, { method: 'DELETE' })), {
    stale: [keys.apiKeys(organisation)],
  })
}

/** Whose signed statements stand for a key of the organisation. */
export interface Trust {
  id: number
  name: string
  issuer: string
  audience: string
  claim_rules: ClaimRule[]
  is_admin: boolean
  master_api_key_prefix: string
  created_at: string
}

export interface ClaimRule {
  claim: string
  values: string[]
}

export const trustsOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: keys.trusts(organisation),
    queryFn: async ({ signal }) =>
      (
        await answered<Page<Trust>>(
          api.GET('/api/v1/organisations/{organisation_id}/trust-relationships/', {
            params: { path: { organisation_id: organisation } },
            signal,
          }),
        )
      ).results,
  })

export type TrustDraft = Pick<Trust, 'name' | 'issuer' | 'audience' | 'claim_rules' | 'is_admin'>

export function useSaveTrust(organisation: OrganisationId) {
  return useAct(
    ({ id, body }: { id: number | null; body: TrustDraft }) =>
      answered<Trust>(
        id === null
          ? api.POST('/api/v1/organisations/{organisation_id}/trust-relationships/', {
              params: { path: { organisation_id: organisation } },
              body,
            })
          : api.PATCH('/api/v1/organisations/{organisation_id}/trust-relationships/{trust_id}/', {
              params: { path: { organisation_id: organisation, trust_id: id } },
              body,
            }),
      ),
    { stale: [keys.trusts(organisation)], quiet: true },
  )
}

export function useEndTrust(organisation: OrganisationId) {
  return useAct(
    (id: number) =>
      answered(
        api.DELETE('/api/v1/organisations/{organisation_id}/trust-relationships/{trust_id}/', {
          params: { path: { organisation_id: organisation, trust_id: id } },
        }),
      ),
    { stale: [keys.trusts(organisation)] },
  )
}

/** A key with which a server reads the whole environment. */
export interface ServerKey {
  id: number
  key: string
  name: string
  active: boolean
  created_at: string
  expires_at: string | null
  /** The last day on which it was used. */
  last_used_on: string | null
}

const serverKeysAt = (environment: EnvironmentKey) =>
  `/api/v1/environments/${encodeURIComponent(environment)}/api-keys/`

const serverKeys = (project: ProjectId, environment: EnvironmentKey) =>
  [...keys.environment(project, environment), 'server-keys'] as const

export const serverKeysOf = (project: ProjectId, environment: EnvironmentKey) =>
  queryOptions({
    queryKey: serverKeys(project, environment),
    queryFn: ({ signal }) =>
      answered<ServerKey[]>(
        api.GET('/api/v1/environments/{environment_key}/api-keys/', {
          params: { path: { environment_key: environment } },
          signal,
        }),
      ),
  })

export type ServerKeyFacts = Partial<Pick<ServerKey, 'name' | 'active' | 'expires_at'>>

export function useCreateServerKey(project: ProjectId, environment: EnvironmentKey) {
  return useAct(
    (body: ServerKeyFacts) => answered<ServerKey>(ask(serverKeysAt(environment), { method: 'POST', body })),
    { stale: [serverKeys(project, environment)], quiet: true },
  )
}

export function useChangeServerKey(project: ProjectId, environment: EnvironmentKey) {
  return useAct(
    ({ id, ...body }: ServerKeyFacts & { id: number }) =>
      answered<ServerKey>(ask(`${serverKeysAt(environment)}${id}/`, { method: 'PATCH', body })),
    { stale: [serverKeys(project, environment)] },
  )
}

export function useDeleteServerKey(project: ProjectId, environment: EnvironmentKey) {
  return useAct((id: number) => answered(ask(`${serverKeysAt(environment)}${id}/`, { method: 'DELETE' })), {
    stale: [serverKeys(project, environment)],
  })
}
