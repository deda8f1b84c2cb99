import { queryOptions } from '@tanstack/react-query'
import { answered, api, ask, type Page } from '@/lib/api-client'
import type { OrganisationId, UserId } from '@/lib/ids'
import { useAct } from './act'
import { keys } from './keys'
import type { Person } from './members'

export interface GroupMember extends Person {
  group_admin: boolean
}

export interface Group {
  id: number
  name: string
  users: GroupMember[]
  is_default: boolean
  external_id: string | null
}

const within = (organisation: OrganisationId) => ({ path: { organisation_id: organisation } })

/** The groups that one may see: all of them, or those that one administers. */
export const groupsOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: keys.groups(organisation),
    queryFn: async ({ signal }) =>
      (
        await answered<Page<Group>>(
          api.GET('/api/v1/organisations/{organisation_id}/groups/', {
            params: within(organisation),
            signal,
          }),
        )
      ).results,
  })

export interface GroupDraft {
  name: string
  is_default: boolean
  external_id: string | null
  users: readonly UserId[]
  admins: readonly UserId[]
}

/** Makes the group, or changes one, until it is as it was drawn up. */
export function useSaveGroup(organisation: OrganisationId) {
  return useAct(
    async ({ group, draft }: { group: Group | null; draft: GroupDraft }) => {
      const { name, is_default, external_id } = draft
      const body = { name, is_default, external_id }
      const saved = group
        ? await answered<Group>(
            api.PATCH('/api/v1/organisations/{organisation_id}/groups/{group_id}/', {
              params: { path: { organisation_id: organisation, group_id: group.id } },
              body,
            }),
          )
        : await answered<Group>(
            api.POST('/api/v1/organisations/{organisation_id}/groups/', {
              params: within(organisation),
              body,
            }),
          )
      await movePeople(organisation, saved.id, group?.users ?? [], draft)
      return saved
    },
    { stale: [keys.organisation(organisation)], quiet: true },
  )
}

async function movePeople(
  organisation: OrganisationId,
  group: number,
  before: readonly GroupMember[],
  draft: GroupDraft,
) {
  const move = (where: string, people: readonly UserId[]) =>
    answered(
      ask(`/api/v1/organisations/${organisation}/groups/${group}/${where}/`, {
        method: 'POST',
        body: { user_ids: people },
      }),
    )
  const had = before.map(({ id }) => id)
  const come = draft.users.filter((id) => !had.includes(id))
  const gone = had.filter((id) => !draft.users.includes(id))
  if (come.length > 0) await move('add-users', come)
  if (gone.length > 0) await move('remove-users', gone)
  const admins = before.filter(({ group_admin }) => group_admin).map(({ id }) => id)
  for (const id of draft.users) {
    const isAdmin = draft.admins.includes(id)
    if (admins.includes(id) !== isAdmin) await setAdmin(organisation, group, id, isAdmin)
  }
}

function setAdmin(organisation: OrganisationId, group: number, user: UserId, isAdmin: boolean) {
  const person = `/api/v1/organisations/${organisation}/groups/${group}/users/${user}`
  return answered(ask(`${person}/${isAdmin ? 'make-admin' : 'remove-admin'}`, { method: 'POST' }))
}

export function useDeleteGroup(organisation: OrganisationId) {
  return useAct(
    (group: number) =>
      answered(
        api.DELETE('/api/v1/organisations/{organisation_id}/groups/{group_id}/', {
          params: { path: { organisation_id: organisation, group_id: group } },
        }),
      ),
    { stale: [keys.organisation(organisation)] },
  )
}
