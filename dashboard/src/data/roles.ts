import { queryOptions } from '@tanstack/react-query'
import { answered, api, ask, type Page } from '@/lib/api-client'
import type { OrganisationId } from '@/lib/ids'
import { useAct } from './act'
import type { Level } from './grants'
import { keys } from './keys'

export interface Role {
  id: number
  name: string
  description: string | null
  tags: number[]
}

export type BearerKind = 'user' | 'group' | 'master_api_key'

/** Somebody who has a role. */
export interface Bearer {
  assignment: number
  kind: BearerKind
  id: number | string
}

/** What a role grants in one place; tags limit a right to the features that carry one of them. */
export interface RoleGrant {
  id: number | null
  permissions: readonly { key: string; tags: readonly number[] }[]
  admin: boolean
}

const BEARERS: Record<BearerKind, string> = {
  user: 'users',
  group: 'groups',
  master_api_key: 'master-api-keys',
}

const rolesAt = (organisation: OrganisationId) => `/api/v1/organisations/${organisation}/roles/`

export const rolesOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: keys.roles(organisation),
    queryFn: async ({ signal }) =>
      (
        await answered<Page<Role>>(
          api.GET('/api/v1/organisations/{organisation_id}/roles/', {
            params: { path: { organisation_id: organisation } },
            signal,
          }),
        )
      ).results,
  })

type ToldBearer = { id: number } & Partial<Record<BearerKind, number | string>>

export const bearersOf = (organisation: OrganisationId, role: number) =>
  queryOptions({
    queryKey: [...keys.roles(organisation), role, 'bearers'] as const,
    queryFn: async ({ signal }) => {
      const kinds: readonly BearerKind[] = ['user', 'group', 'master_api_key']
      const lists = await Promise.all(
        kinds.map(async (kind) => {
          const path = `${rolesAt(organisation)}${role}/${BEARERS[kind]}/`
          const { results } = await answered<Page<ToldBearer>>(ask(path, { signal }))
          return results.map((told): Bearer => ({ assignment: told.id, kind, id: told[kind] ?? '' }))
        }),
      )
      return lists.flat()
    },
  })

/** The roles that somebody was given in person. */
export const rolesOfBearer = (organisation: OrganisationId, kind: BearerKind, id: number | string) =>
  queryOptions({
    queryKey: [...keys.roles(organisation), 'of', kind, id] as const,
    queryFn: async ({ signal }) =>
      (
        await answered<Page<Role>>(
          ask(`/api/v1/organisations/${organisation}/${BEARERS[kind]}/${id}/roles/`, { signal }),
        )
      ).results,
  })

export function useSaveRole(organisation: OrganisationId) {
  return useAct(
    ({ id, ...body }: { id: number | null; name: string; description: string }) =>
      answered<Role>(
        id === null
          ? api.POST('/api/v1/organisations/{organisation_id}/roles/', {
              params: { path: { organisation_id: organisation } },
              body,
            })
          : api.PATCH('/api/v1/organisations/{organisation_id}/roles/{role_id}/', {
              params: { path: { organisation_id: organisation, role_id: id } },
              body,
            }),
      ),
    { stale: [keys.roles(organisation)], quiet: true },
  )
}

export function useDeleteRole(organisation: OrganisationId) {
  return useAct(
    (role: number) =>
      answered(
        api.DELETE('/api/v1/organisations/{organisation_id}/roles/{role_id}/', {
          params: { path: { organisation_id: organisation, role_id: role } },
        }),
      ),
    { stale: [keys.organisation(organisation)] },
  )
}

interface Giving {
  role: number
  kind: BearerKind
  id: number | string
}

export function useGiveRole(organisation: OrganisationId) {
  return useAct(
    ({ role, kind, id }: Giving) =>
      answered(
        ask(`${rolesAt(organisation)}${role}/${BEARERS[kind]}/`, { method: 'POST', body: { [kind]: id } }),
      ),
    { stale: [keys.organisation(organisation)] },
  )
}

export function useTakeRole(organisation: OrganisationId) {
  return useAct(
    ({ role, bearer }: { role: number; bearer: Bearer }) =>
      answered(
        ask(`${rolesAt(organisation)}${role}/${BEARERS[bearer.kind]}/${bearer.assignment}/`, {
          method: 'DELETE',
        }),
      ),
    { stale: [keys.organisation(organisation)] },
  )
}

/** One of the places in which a role may grant something, by the id that the API asks for. */
export interface RolePlace {
  level: Level
  id: number
}

const GRANTS: Record<Level, string> = {
  organisation: 'organisation-permissions',
  project: 'projects-permissions',
  environment: 'environments-permissions',
}

interface ToldRoleGrant {
  id: number
  permissions: (string | { permission_key: string; tags: number[] })[]
  admin?: boolean
}

const NOTHING: RoleGrant = { id: null, permissions: [], admin: false }

export const roleGrantIn = (organisation: OrganisationId, role: number, place: RolePlace) =>
  queryOptions({
    queryKey: [...keys.roles(organisation), role, 'grant', place.level, place.id] as const,
    queryFn: async ({ signal }) => {
      const query = place.level === 'organisation' ? '' : `?${place.level}=${place.id}`
      const { results } = await answered<Page<ToldRoleGrant>>(
        ask(`${rolesAt(organisation)}${role}/${GRANTS[place.level]}/${query}`, { signal }),
      )
      const [told] = results
      return told ? grantFrom(told) : NOTHING
    },
  })

function grantFrom({ id, permissions, admin = false }: ToldRoleGrant): RoleGrant {
  const read = permissions.map((entry) =>
    typeof entry === 'string' ? { key: entry, tags: [] } : { key: entry.permission_key, tags: entry.tags },
  )
  return { id, permissions: read, admin }
}

export function useSaveRoleGrant(organisation: OrganisationId, role: number, place: RolePlace) {
  return useAct(
    ({ id, permissions, admin }: RoleGrant) => {
      const list = `${rolesAt(organisation)}${role}/${GRANTS[place.level]}/`
      const body =
        place.level === 'organisation'
          ? { permissions: permissions.map(({ key }) => key) }
          : {
              [place.level]: place.id,
              permissions: permissions.map(({ key, tags }) => ({ permission_key: key, tags })),
              admin,
            }
      return answered(
        id === null ? ask(list, { method: 'POST', body }) : ask(`${list}${id}/`, { method: 'PUT', body }),
      )
    },
    { stale: [keys.roles(organisation)] },
  )
}
