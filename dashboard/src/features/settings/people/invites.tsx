import { Button, Group, Modal, Select, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconLink } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  inviteLinksOf,
  invitesOf,
  useCreateInviteLink,
  useDeleteInviteLink,
  useResendInvite,
  useWithdrawInvite,
  type Invite,
  type InviteLink,
} from '@/data/invites'
import { nameOf, type MemberRole } from '@/data/members'
import { messageOf } from '@/lib/errors'
import { facts, serverUrl } from '@/lib/facts'
import type { OrganisationId } from '@/lib/ids'
import { confirm } from '@/ui/confirm'
import { CopyButton } from '@/ui/copy-button'
import { notifyDone } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import { Block } from '../block'
import { EndsField } from '../ends-field'
import { momentFrom } from '../moments'
import { Listing } from '../listing'
import { actionsColumn } from '../row-menu'

const ROLES: Record<MemberRole, string> = { ADMIN: 'Administrator', USER: 'Member' }

/** Who was invited and has not come yet, and the links that let anybody in. */
export function Invites({ organisation }: { organisation: OrganisationId }) {
  return (
    <>
      <ByMail organisation={organisation} />
      {!facts.hideInviteLinks && <Links organisation={organisation} />}
    </>
  )
}

function ByMail({ organisation }: { organisation: OrganisationId }) {
  const { data: invites } = useSuspenseQuery(invitesOf(organisation))
  const resend = useResendInvite(organisation)
  const withdraw = useWithdrawInvite(organisation)
  if (invites.length === 0) return null
  const again = ({ id, email }: Invite) =>
    resend.mutate(id, { onSuccess: () => notifyDone({ message: `Sent to ${email} again` }) })
  return (
    <Block title="Invited, not here yet">
      <Listing
        label="invitations"
        rows={invites}
        rowKey={({ id }) => id}
        words={({ email }) => email}
        empty=""
        columns={[
          { id: 'email', header: 'E-mail', cell: ({ email }) => email, order: ({ email }) => email },
          { id: 'role', header: 'Role', width: '130px', cell: ({ role }) => ROLES[role] },
          {
            id: 'by',
            header: 'Invited',
            wide: true,
            order: ({ date_created }) => date_created,
            cell: ({ invited_by, date_created }) => (
              <span>
                {invited_by && `${nameOf(invited_by)}, `}
                <Moment at={date_created} />
              </span>
            ),
          },
          actionsColumn(
            (invite: Invite) => invite.email,
            (invite) => [
              { label: 'Send it again', onClick: () => again(invite) },
              { label: 'Withdraw', onClick: () => withdraw.mutate(invite.id), destructive: true },
            ],
          ),
        ]}
      />
    </Block>
  )
}

function Links({ organisation }: { organisation: OrganisationId }) {
  const { data: links } = useSuspenseQuery(inviteLinksOf(organisation))
  const [isMaking, dialog] = useDisclosure(false)
  const remove = useDeleteInviteLink(organisation)
  const end = (link: InviteLink) =>
    confirm({
      title: 'Delete this invite link?',
      children: 'Whoever has it cannot join with it any more. Who has joined stays.',
      action: 'Delete the link',
      destructive: true,
      onConfirm: () => remove.mutate(link.id),
    })
  return (
    <Block
      title="Invite links"
      about="Anybody who has a link can join with it."
      actions={
        <Button variant="default" size="xs" leftSection={<IconLink size={14} />} onClick={dialog.open}>
          New link
        </Button>
      }
    >
      <Listing
        label="invite links"
        rows={links}
        rowKey={({ id }) => id}
        words={({ hash }) => hash}
        empty="No links. Make one to let people in without sending mail."
        columns={[
          {
            id: 'link',
            header: 'Link',
            cell: ({ hash }) => (
              <Group gap={4} wrap="nowrap">
                <code>{shortened(linkOf(hash))}</code>
                <CopyButton text={linkOf(hash)} what="the link" />
              </Group>
            ),
          },
          { id: 'role', header: 'Joins as', width: '130px', cell: ({ role }) => ROLES[role] },
          {
            id: 'expires',
            header: 'Ends',
            width: '130px',
            wide: true,
            cell: ({ expires_at }) => (expires_at ? <Moment at={expires_at} /> : 'never'),
          },
          actionsColumn(
            () => 'the link',
            (link: InviteLink) => [{ label: 'Delete…', onClick: () => end(link), destructive: true }],
          ),
        ]}
      />
      <NewLink organisation={organisation} opened={isMaking} onClose={dialog.close} />
    </Block>
  )
}

interface NewLinkProps {
  organisation: OrganisationId
  opened: boolean
  onClose: () => void
}

function NewLink({ organisation, opened, onClose }: NewLinkProps) {
  const [role, setRole] = useState<MemberRole>('USER')
  const [ends, setEnds] = useState<string | null>(null)
  const create = useCreateInviteLink(organisation)
  const make = () => create.mutate({ role, expires_at: momentFrom(ends) }, { onSuccess: onClose })
  return (
    <Modal opened={opened} onClose={onClose} title="New invite link">
      <Stack gap="sm">
        <Select
          data-autofocus
          label="Who uses it joins as"
          allowDeselect={false}
          data={[
            { value: 'USER', label: ROLES.USER },
            { value: 'ADMIN', label: ROLES.ADMIN },
          ]}
          value={role}
          onChange={(next) => setRole(next === 'ADMIN' ? 'ADMIN' : 'USER')}
        />
        <EndsField value={ends} onChange={setEnds} error={create.error && messageOf(create.error)} />
        <Button ml="auto" onClick={make} loading={create.isPending}>
          Make the link
        </Button>
      </Stack>
    </Modal>
  )
}

function linkOf(hash: string): string {
  return `${facts.publicUrl || serverUrl}/invite-link/${hash}`
}

function shortened(link: string): string {
  return link.length > 48 ? `${link.slice(0, 24)}…${link.slice(-8)}` : link
}
