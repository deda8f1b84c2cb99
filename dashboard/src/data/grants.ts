import { queryOptions } from '@tanstack/react-query'
import { answered, ask } from '@/lib/api-client'
import { useAct } from './act'
import { keys } from './keys'
import { nameOf, type Person } from './members'
import { addressOf, keyOf, type Place } from './permissions'

export type Level = 'organisation' | 'project' | 'environment'

export function levelOf(place: Place): Level {
  if ('environment' in place) return 'environment'
  return 'project' in place ? 'project' : 'organisation'
}

/** Something that can be granted. */
export interface Grantable {
  key: string
  description: string
  supports_tag: boolean
}

export const catalogueOf = (level: Level) =>
  queryOptions({
    queryKey: [...keys.catalogue, level] as const,
    queryFn: ({ signal }) => answered<Grantable[]>(ask(`/api/v1/${level}s/permissions/`, { signal })),
    staleTime: Infinity,
  })

export type HolderKind = 'user' | 'group'

export interface Holder {
  kind: HolderKind
  id: number
  name: string
}

/** What one person, or one group, was granted in one place. */
export interface Grant {
  id: number
  permissions: string[]
  admin: boolean
  holder: Holder
}

interface ToldGrant {
  id: number
  permissions: string[]
  admin?: boolean
  user?: Person
  group?: { id: number; name: string }
}

const LISTS: Record<HolderKind, string> = { user: 'user-permissions', group: 'user-group-permissions' }

/** What people and groups were granted in a place, without what their roles give them. */
export const grantsIn = (place: Place) =>
  queryOptions({
    queryKey: [...keyOf(place), 'grants'] as const,
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(
        Object.values(LISTS).map((list) =>
          answered<ToldGrant[]>(ask(`${addressOf(place)}/${list}/`, { signal })),
        ),
      )
      return lists.flat().map(grantFrom)
    },
  })

function grantFrom({ id, permissions, admin = false, user, group }: ToldGrant): Grant {
  const holder: Holder = user
    ? { kind: 'user', id: user.id, name: nameOf(user) }
    : { kind: 'group', id: group?.id ?? 0, name: group?.name ?? '' }
  return { id, permissions, admin, holder }
}

interface GrantDraft {
  holder: Holder
  /** The grant that is there already. */
  grant: number | null
  permissions: readonly string[]
  admin: boolean
}

/** Grants, changes, or withdraws what nothing is left of. */
export function useSaveGrant(place: Place) {
  const isOrganisation = 'organisation' in place
  return useAct(
    ({ holder, grant, permissions, admin }: GrantDraft) => {
      const list = `${addressOf(place)}/${LISTS[holder.kind]}/`
      const facts = isOrganisation ? { permissions } : { permissions, admin }
      if (grant === null)
        return answered(ask(list, { method: 'POST', body: { [holder.kind]: holder.id, ...facts } }))
      if (permissions.length === 0 && !admin) return answered(ask(`${list}${grant}/`, { method: 'DELETE' }))
      return answered(ask(`${list}${grant}/`, { method: 'PATCH', body: facts }))
    },
    { stale: [keyOf(place)] },
  )
}

/** Where a right comes from. */
export interface Sources {
  is_directly_granted: boolean
  derived_from: { groups: Named[]; roles: (Named & { tags: number[] })[] }
}

interface Named {
  id: number
  name: string
}

export interface Inspection extends Sources {
  admin: boolean
  permissions: (Sources & { permission_key: string })[]
}

/** What somebody may do in a place, and why. */
export const inspectionOf = (place: Place, user: number) =>
  queryOptions({
    queryKey: [...keyOf(place), 'inspection', user] as const,
    queryFn: ({ signal }) =>
      answered<Inspection>(ask(`${addressOf(place)}/user-detailed-permissions/${user}/`, { signal })),
    staleTime: 0,
  })
