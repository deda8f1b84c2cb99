import { Button, Select, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { me } from '@/data/account'
import { membersOf, nameOf, useExpel, useSetMemberRole, type Member, type MemberRole } from '@/data/members'
import { permissionsIn } from '@/data/permissions'
import { timeAgo } from '@/lib/format'
import type { OrganisationId, UserId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { ListSkeleton } from '@/ui/states'
import { Moment } from '@/widgets/moment'
import { Screen } from '@/widgets/screen'
import { Listing, type ListColumn } from '../listing'
import { actionsColumn } from '../row-menu'
import { Who } from '../who'
import { InvitePeople } from './invite-people'
import { Invites } from './invites'
import { MemberDrawer } from './member-drawer'

export const ROLE_WORDS: Record<MemberRole, string> = { ADMIN: 'Administrator', USER: 'Member' }

interface MembersProps {
  organisation: OrganisationId
  name: string | undefined
  /** Whose rights are shown: ?member=… */
  shown: number | undefined
  onShow: (member: UserId | undefined) => void
}

export function Members({ organisation, name, shown, onShow }: MembersProps) {
  const { data: mine } = useQuery(permissionsIn({ organisation }))
  const isAdmin = mine?.admin === true
  const [isInviting, dialog] = useDisclosure(false)
  return (
    <Page
      title="Members"
      of={name}
      about="Administrators may do everything. Members may do what they, their groups and their roles are granted."
      actions={
        isAdmin && (
          <Button leftSection={<IconUserPlus size={16} />} onClick={dialog.open}>
            Invite people
          </Button>
        )
      }
    >
      <Screen what="the members" waiting={<ListSkeleton rows={4} />}>
        <MemberList organisation={organisation} isAdmin={isAdmin} shown={shown} onShow={onShow} />
      </Screen>
      {isAdmin && (
        <Screen what="the invitations" waiting={<ListSkeleton rows={2} />}>
          <Invites organisation={organisation} />
        </Screen>
      )}
      <InvitePeople organisation={organisation} opened={isInviting} onClose={dialog.close} />
    </Page>
  )
}

interface MemberListProps extends Omit<MembersProps, 'name'> {
  isAdmin: boolean
}

function MemberList({ organisation, isAdmin, shown, onShow }: MemberListProps) {
  const { data: members } = useSuspenseQuery(membersOf(organisation))
  const { data: person } = useQuery({ ...me, enabled: false })
  const setRole = useSetMemberRole(organisation)
  const expel = useExpel(organisation)
  const change = (member: Member, role: MemberRole) =>
    setRole.mutate(
      { member: member.id, role },
      {
        onSuccess: () =>
          notifyDone({
            message: `${nameOf(member)} is ${role === 'ADMIN' ? 'an administrator' : 'a member'} now`,
            onUndo: () => setRole.mutate({ member: member.id, role: member.role }),
          }),
      },
    )
  const remove = (member: Member) =>
    confirm({
      title: `Remove ${nameOf(member)}?`,
      children:
        'They lose everything that they, their groups and their roles were granted here. Their account stays.',
      action: 'Remove from the organisation',
      destructive: true,
      onConfirm: () =>
        expel.mutate(member.id, {
          onSuccess: () => notifyDone({ message: `${nameOf(member)} was removed` }),
        }),
    })
  const open = members.find(({ id }) => id === shown)
  return (
    <>
      <Listing
        label="members"
        rows={members}
        rowKey={({ id }) => id}
        words={(member) => `${nameOf(member)} ${member.email}`}
        empty="Nobody is here."
        columns={columnsFor({ isAdmin, self: person?.id, onShow, onRole: change, onRemove: remove })}
      />
      <MemberDrawer organisation={organisation} member={open} onClose={() => onShow(undefined)} />
    </>
  )
}

interface Acts {
  isAdmin: boolean
  self: UserId | undefined
  onShow: (member: UserId) => void
  onRole: (member: Member, role: MemberRole) => void
  onRemove: (member: Member) => void
}

function columnsFor({ isAdmin, self, onShow, onRole, onRemove }: Acts): ListColumn<Member>[] {
  return [
    {
      id: 'person',
      header: 'Person',
      order: nameOf,
      cell: (member) =>
        isAdmin || member.id === self ? (
          <UnstyledButton onClick={() => onShow(member.id)}>
            <Who person={member} />
            <VisuallyHidden>What {nameOf(member)} may do</VisuallyHidden>
          </UnstyledButton>
        ) : (
          <Who person={member} />
        ),
    },
    {
      id: 'role',
      header: 'Role',
      width: '170px',
      order: ({ role }) => role,
      cell: (member) =>
        isAdmin && member.id !== self ? (
          <Select
            size="xs"
            w={150}
            allowDeselect={false}
            aria-label={`Role of ${nameOf(member)}`}
            data={[
              { value: 'ADMIN', label: ROLE_WORDS.ADMIN },
              { value: 'USER', label: ROLE_WORDS.USER },
            ]}
            value={member.role}
            onChange={(role) => role !== member.role && onRole(member, role === 'ADMIN' ? 'ADMIN' : 'USER')}
          />
        ) : (
          <Badge tone={member.role === 'ADMIN' ? 'accent' : 'neutral'}>{ROLE_WORDS[member.role]}</Badge>
        ),
    },
    {
      id: 'seen',
      header: 'Last sign-in',
      width: '140px',
      wide: true,
      order: ({ last_login }) => last_login ?? '',
      cell: ({ last_login }) => (last_login ? <Moment at={last_login} /> : 'never'),
    },
    {
      id: 'joined',
      header: 'Account made',
      width: '140px',
      wide: true,
      order: ({ date_joined }) => date_joined,
      cell: ({ date_joined }) => timeAgo(new Date(date_joined)),
    },
    actionsColumn(
      (member) => nameOf(member),
      (member) =>
        isAdmin
          ? [
              { label: 'What they may do, and why', onClick: () => onShow(member.id) },
              ...(member.id === self
                ? []
                : [{ label: 'Remove…', onClick: () => onRemove(member), destructive: true }]),
            ]
          : [],
    ),
  ]
}
