import { queryOptions } from '@tanstack/react-query'
import { answered, api, ask } from '@/lib/api-client'
import type { OrganisationId, UserId } from '@/lib/ids'
import { useAct } from './act'
import { keys } from './keys'

export type MemberRole = 'ADMIN' | 'USER'

export interface Person {
  id: UserId
  email: string
  first_name: string
  last_name: string
}

export interface Member extends Person {
  role: MemberRole
  last_login: string | null
  date_joined: string
}

export const membersOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: keys.members(organisation),
    queryFn: ({ signal }) =>
      answered<Member[]>(
        api.GET('/api/v1/organisations/{organisation_id}/users/', {
          params: { path: { organisation_id: organisation } },
          signal,
        }),
      ),
  })

export function useSetMemberRole(organisation: OrganisationId) {
  return useAct(
    ({ member, role }: { member: UserId; role: MemberRole }) =>
      answered(
        api.POST('/api/v1/organisations/{organisation_id}/users/{user_id}/update-role/', {
          params: { path: { organisation_id: organisation, user_id: member } },
          body: { role },
        }),
      ),
    { stale: [keys.organisation(organisation), keys.organisations] },
  )
}

export function useExpel(organisation: OrganisationId) {
  return useAct(
    (member: UserId) =>
      answered(
        ask(`/api/v1/organisations/${organisation}/remove-users/`, {
          method: 'POST',
          body: [{ id: member }],
        }),
      ),
    { stale: [keys.organisation(organisation)] },
  )
}

export function nameOf(person: Pick<Person, 'first_name' | 'last_name' | 'email'>): string {
  return `${person.first_name} ${person.last_name}`.trim() || person.email
}
