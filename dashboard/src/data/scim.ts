import { queryOptions } from '@tanstack/react-query'
import { answered, api, ask, type Page } from '@/lib/api-client'
import { ApiError } from '@/lib/errors'
import type { OrganisationId } from '@/lib/ids'
import { useAct } from './act'
import { keys } from './keys'
import type { Person } from './members'

/** The directory of a company may provision the organisation. */
export interface Scim {
  base_url: string
  created_at: string
  token_rotated_at: string
  /** The last day on which the directory called; null: never with this token. */
  last_used_on: string | null
}

/** Told once, when it is made. */
interface ScimWithToken extends Scim {
  token: string
}

export interface ProvisionedPerson extends Person {
  external_id: string | null
  is_active: boolean
  created_at: string
  changed_at: string
}

const at = (organisation: OrganisationId) => `/api/v1/organisations/${organisation}/scim/`

/** Null while it is off. */
export const scimOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: keys.scim(organisation),
    queryFn: async ({ signal }) => {
      try {
        return await answered<Scim>(
          api.GET('/api/v1/organisations/{organisation_id}/scim/', {
            params: { path: { organisation_id: organisation } },
            signal,
          }),
        )
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
  })

export const PEOPLE_OF_A_PAGE = 25

export const provisionedIn = (organisation: OrganisationId, wanted: { search: string; page: number }) =>
  queryOptions({
    queryKey: [...keys.scim(organisation), 'people', wanted] as const,
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ page: String(wanted.page), page_size: String(PEOPLE_OF_A_PAGE) })
      if (wanted.search) query.set('search', wanted.search)
      return answered<Page<ProvisionedPerson>>(ask(`${at(organisation)}users/?${query}`, { signal }))
    },
  })

export function useSwitchScimOn(organisation: OrganisationId) {
  return useAct(() => answered<ScimWithToken>(ask(at(organisation), { method: 'POST' })), {
    stale: [keys.scim(organisation)],
  })
}

export function useRotateScimToken(organisation: OrganisationId) {
  return useAct(
    () => answered<ScimWithToken>(ask(`${at(organisation)}regenerate-token/`, { method: 'POST' })),
    { stale: [keys.scim(organisation)] },
  )
}

export function useSwitchScimOff(organisation: OrganisationId) {
  return useAct(() => answered(ask(at(organisation), { method: 'DELETE' })), {
    stale: [keys.scim(organisation)],
  })
}
