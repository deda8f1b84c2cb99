import { Button, Modal, MultiSelect, Select, Stack, TagsInput, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { server } from '@/data/account'
import { groupsOf } from '@/data/groups'
import { useInvite } from '@/data/invites'
import type { MemberRole } from '@/data/members'
import { messageOf } from '@/lib/errors'
import { plural } from '@/lib/format'
import type { OrganisationId } from '@/lib/ids'
import { notifyDone } from '@/ui/notify'
import { addressesIn, isAddress } from './addresses'

interface InvitePeopleProps {
  organisation: OrganisationId
  opened: boolean
  onClose: () => void
}

export function InvitePeople({ organisation, opened, onClose }: InvitePeopleProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Invite people">
      {opened && <InviteForm organisation={organisation} onClose={onClose} />}
    </Modal>
  )
}

function InviteForm({ organisation, onClose }: { organisation: OrganisationId; onClose: () => void }) {
  const [emails, setEmails] = useState<string[]>([])
  const [typing, setTyping] = useState('')
  const [role, setRole] = useState<MemberRole>('USER')
  const [groups, setGroups] = useState<string[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  const { data: all = [] } = useQuery(groupsOf(organisation))
  const { data: facts } = useQuery(server)
  const invite = useInvite(organisation)
  const submit = () => {
    const wanted = [...new Set([...emails, ...addressesIn(typing)])]
    const wrong = wanted.find((each) => !isAddress(each))
    if (wrong) return setProblem(`${wrong} is not an e-mail address.`)
    if (wanted.length === 0) return setProblem('Whom do you want to invite?')
    invite.mutate(
      { emails: wanted, role, groups: groups.map(Number) },
      {
        onSuccess: (made) => {
          notifyDone({ message: `${plural(made.length, 'invitation')} sent` })
          onClose()
        },
        onError: (error) => setProblem(messageOf(error)),
      },
    )
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Stack gap="sm">
        {facts?.has_email_provider === false && (
          <Text size="sm" c="dimmed">
            This server sends no mail yet. An invite link below the members lets people in without.
          </Text>
        )}
        <TagsInput
          data-autofocus
          label="E-mail addresses"
          description="One or many, with commas or spaces between them"
          splitChars={[',', ' ', ';', '\n']}
          value={emails}
          onChange={setEmails}
          searchValue={typing}
          onSearchChange={setTyping}
          error={problem}
        />
        <Select
          label="Role"
          allowDeselect={false}
          data={[
            { value: 'USER', label: 'Member' },
            { value: 'ADMIN', label: 'Administrator' },
          ]}
          value={role}
          onChange={(next) => setRole(next === 'ADMIN' ? 'ADMIN' : 'USER')}
        />
        {all.length > 0 && (
          <MultiSelect
            label="Groups"
            description="They join these when they accept"
            data={all.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={groups}
            onChange={setGroups}
          />
        )}
        <Button type="submit" ml="auto" loading={invite.isPending}>
          Send the invitations
        </Button>
      </Stack>
    </form>
  )
}
