import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answered, api, ask, type Page } from '@/lib/api-client'
import type { EnvironmentId, EnvironmentKey, IdentityId, ProjectId } from '@/lib/ids'
import { useAct } from './act'
import type { TraitValue } from './explain'
import { keys } from './keys'

export interface Identity {
  id: IdentityId
  identifier: string
  environment: EnvironmentId
}

export interface FoundIdentity {
  id: IdentityId
  identifier: string
  created_date: string
  /** A day; null until an app has asked for it. */
  last_seen: string | null
  overrides: number
  traits: Readonly<Record<string, TraitValue | null>>
}

export interface Wanted {
  q?: string | undefined
  /** "plan" or "plan:pro"; all must fit. */
  traits?: readonly string[] | undefined
  page?: number | undefined
}

export const IDENTITIES_A_PAGE = 50

/** Identities by a part of their identifier and by traits, with what a list shows of them. */
export const identitiesFound = (project: ProjectId, environment: EnvironmentKey, wanted: Wanted) =>
  queryOptions({
    queryKey: [...keys.identities(project, environment), 'found', wanted] as const,
    queryFn: ({ signal }) => search(environment, wanted, signal),
    placeholderData: keepPreviousData,
  })

function search(environment: EnvironmentKey, { q = '', traits = [], page = 1 }: Wanted, signal: AbortSignal) {
  const query = new URLSearchParams({ q, page: String(page), page_size: String(IDENTITIES_A_PAGE) })
  for (const trait of traits) query.append('trait', trait)
  return answered<Page<FoundIdentity>>(
    ask(`/api/v1/environments/${encodeURIComponent(environment)}/identities/search/?${query}`, { signal }),
  )
}

/** One identity as the list shows it: when it was made and seen, how many overrides it has. */
export const identityCalled = (project: ProjectId, environment: EnvironmentKey, identity: Identity) =>
  queryOptions({
    queryKey: [...keys.identities(project, environment), identity.id, 'facts'] as const,
    queryFn: async ({ signal }) => {
      const { results } = await search(environment, { q: `"${identity.identifier}"` }, signal)
      return results.find(({ id }) => id === identity.id) ?? null
    },
  })

export const identityWith = (project: ProjectId, environment: EnvironmentKey, identity: IdentityId) =>
  queryOptions({
    queryKey: [...keys.identities(project, environment), identity] as const,
    queryFn: ({ signal }) =>
      answered<Identity>(
        api.GET('/api/v1/environments/{environment_key}/identities/{identity_id}/', {
          params: { path: { environment_key: environment, identity_id: identity } },
          signal,
        }),
      ),
  })

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

interface ToldTrait {
  id: number
  trait_key: string
  value_type: string
  integer_value: number | null
  string_value: string | null
  boolean_value: boolean | null
  float_value: number | null
}

export interface Trait {
  id: number
  key: string
  value: TraitValue
}

const MOST_TRAITS = 999

export const traitsOf = (project: ProjectId, environment: EnvironmentKey, identity: IdentityId) =>
  queryOptions({
    queryKey: [...keys.identities(project, environment), identity, 'traits'] as const,
    queryFn: async ({ signal }) =>
      (
        await answered<Page<ToldTrait>>(
          ask(`${traitsPath(environment, identity)}?page_size=${MOST_TRAITS}`, { signal }),
        )
      ).results.map(traitFrom),
  })

function traitFrom(told: ToldTrait): Trait {
  const value = told.integer_value ?? told.float_value ?? told.boolean_value ?? told.string_value ?? ''
  return { id: told.id, key: told.trait_key, value }
}

function traitsPath(environment: EnvironmentKey, identity: IdentityId): string {
  return `/api/v1/environments/${encodeURIComponent(environment)}/identities/${identity}/traits/`
}

/** A trait as it is sent; without an id it is a new one. */
export interface TraitDraft {
  id?: number
  key: string
  value: TraitValue
}

/** Traits decide about segments, so that every answer about the environment's flags may change. */
export function useSaveTrait(project: ProjectId, environment: EnvironmentKey, identity: IdentityId) {
  return useAct(
    ({ id, key, value }: TraitDraft) => {
      const body = { trait_key: key, ...columnsOf(value) }
      const list = traitsPath(environment, identity)
      return answered<ToldTrait>(
        id === undefined
          ? ask(list, { method: 'POST', body })
          : ask(`${list}${id}/`, { method: 'PUT', body }),
      )
    },
    { stale: [keys.environment(project, environment)], quiet: true },
  )
}

function columnsOf(value: TraitValue) {
  if (typeof value === 'boolean') return { value_type: 'bool', boolean_value: value }
  if (typeof value === 'string') return { value_type: 'unicode', string_value: value }
  return Number.isInteger(value)
    ? { value_type: 'int', integer_value: value }
    : { value_type: 'float', float_value: value }
}

export function useDeleteTrait(project: ProjectId, environment: EnvironmentKey, identity: IdentityId) {
  return useAct(
    (trait: number) => answered(ask(`${traitsPath(environment, identity)}${trait}/`, { method: 'DELETE' })),
    { stale: [keys.environment(project, environment)] },
  )
}

export function useAddIdentity(project: ProjectId, environment: EnvironmentKey) {
  return useAct(
    (identifier: string) =>
      answered<Identity>(
        api.POST('/api/v1/environments/{environment_key}/identities/', {
          params: { path: { environment_key: environment } },
          body: { identifier },
        }),
      ),
    { stale: [keys.identities(project, environment)], quiet: true },
  )
}

export function useDeleteIdentity(project: ProjectId, environment: EnvironmentKey) {
  return useAct(
    (identity: IdentityId) =>
      answered(
        api.DELETE('/api/v1/environments/{environment_key}/identities/{identity_id}/', {
          params: { path: { environment_key: environment, identity_id: identity } },
        }),
      ),
    { stale: [keys.environment(project, environment)] },
  )
}
