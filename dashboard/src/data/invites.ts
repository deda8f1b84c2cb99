import { queryOptions } from '@tanstack/react-query'
import { answered, api, ask, type Page } from '@/lib/api-client'
import type { OrganisationId } from '@/lib/ids'
import { useAct } from './act'
import { keys } from './keys'
import type { MemberRole, Person } from './members'

export interface Invite {
  id: number
  email: string
  role: MemberRole
  date_created: string
  invited_by: Person | null
  permission_groups: number[]
}

export interface InviteLink {
  id: number
  hash: string
  date_created: string
  role: MemberRole
  expires_at: string | null
}

const within = (organisation: OrganisationId) => ({ path: { organisation_id: organisation } })

export const invitesOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: [...keys.invites(organisation), 'by-mail'] as const,
    queryFn: async ({ signal }) =>
      (
        await answered<Page<Invite>>(
          api.GET('/api/v1/organisations/{organisation_id}/invites/', {
            params: within(organisation),
            signal,
          }),
        )
      ).results,
  })

export const inviteLinksOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: [...keys.invites(organisation), 'links'] as const,
    queryFn: ({ signal }) =>
      answered<InviteLink[]>(
        api.GET('/api/v1/organisations/{organisation_id}/invite-links/', {
          params: within(organisation),
          signal,
        }),
      ),
  })

export interface NewInvites {
  emails: readonly string[]
  role: MemberRole
  groups: readonly number[]
}

export function useInvite(organisation: OrganisationId) {
  return useAct(
    ({ emails, role, groups }: NewInvites) =>
      answered<Invite[]>(
        ask(`/api/v1/organisations/${organisation}/invite/`, {
          method: 'POST',
          body: { invites: emails.map((email) => ({ email, role, permission_groups: groups })) },
        }),
      ),
    { stale: [keys.invites(organisation)], quiet: true },
  )
}

export function useResendInvite(organisation: OrganisationId) {
  return useAct(
    (invite: number) =>
      answered(
        api.POST('/api/v1/organisations/{organisation_id}/invites/{invite_id}/resend/', {
          params: { path: { organisation_id: organisation, invite_id: invite } },
        }),
      ),
    { stale: [] },
  )
}

export function useWithdrawInvite(organisation: OrganisationId) {
  return useAct(
    (invite: number) =>
      answered(
        api.DELETE('/api/v1/organisations/{organisation_id}/invites/{invite_id}/', {
          params: { path: { organisation_id: organisation, invite_id: invite } },
        }),
      ),
    { stale: [keys.invites(organisation)] },
  )
}

export function useCreateInviteLink(organisation: OrganisationId) {
  return useAct(
    (body: { role: MemberRole; expires_at: string | null }) =>
      answered<InviteLink>(
        api.POST('/api/v1/organisations/{organisation_id}/invite-links/', {
          params: { path: { organisation_id: organisation } },
          body,
        }),
      ),
    { stale: [keys.invites(organisation)], quiet: true },
  )
}

export function useDeleteInviteLink(organisation: OrganisationId) {
  return useAct(
    (link: number) =>
      answered(
        api.DELETE('/api/v1/organisations/{organisation_id}/invite-links/{link_id}/', {
          params: { path: { organisation_id: organisation, link_id: link } },
        }),
      ),
    { stale: [keys.invites(organisation)] },
  )
}
