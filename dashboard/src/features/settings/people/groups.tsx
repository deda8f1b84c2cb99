import { Button } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { groupsOf, useDeleteGroup, type Group } from '@/data/groups'
import { nameOf } from '@/data/members'
import { plural } from '@/lib/format'
import type { OrganisationId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { Can, useCan } from '@/widgets/can'
import { Screen } from '@/widgets/screen'
import { Listing } from '../listing'
import { actionsColumn } from '../row-menu'
import { GroupForm } from './group-form'

interface GroupsProps {
  organisation: OrganisationId
  name: string | undefined
}

export function Groups({ organisation, name }: GroupsProps) {
  const [edited, edit] = useState<Group | 'new' | null>(null)
  return (
    <Page
      title="Groups"
      of={name}
      about="What a group is granted, everybody in it has. Roles can be given to groups too."
      actions={
        <Can do="MANAGE_USER_GROUPS" in={{ organisation }}>
          <Button leftSection={<IconPlus size={16} />} onClick={() => edit('new')}>
            New group
          </Button>
        </Can>
      }
    >
      <Screen what="the groups">
        <GroupList organisation={organisation} onEdit={edit} />
      </Screen>
      {edited && (
        <GroupForm
          organisation={organisation}
          group={edited === 'new' ? null : edited}
          onClose={() => edit(null)}
        />
      )}
    </Page>
  )
}

function GroupList({
  organisation,
  onEdit,
}: {
  organisation: OrganisationId
  onEdit: (group: Group) => void
}) {
  const { data: groups } = useSuspenseQuery(groupsOf(organisation))
  const mayManage = useCan('MANAGE_USER_GROUPS', { organisation })
  const remove = useDeleteGroup(organisation)
  const drop = (group: Group) =>
    confirm({
      title: `Delete ${group.name}?`,
      children: `${plural(group.users.length, 'person loses', 'people lose')} what the group was granted.`,
      action: 'Delete the group',
      destructive: true,
      onConfirm: () =>
        remove.mutate(group.id, { onSuccess: () => notifyDone({ message: `${group.name} was deleted` }) }),
    })
  return (
    <Listing
      label="groups"
      rows={groups}
      rowKey={({ id }) => id}
      words={({ name, users }) => `${name} ${users.map(nameOf).join(' ')}`}
      empty={
        mayManage
          ? 'No groups yet. A group saves granting the same to one person after another.'
          : 'You administer no group.'
      }
      columns={[
        {
          id: 'name',
          header: 'Group',
          order: ({ name }) => name,
          cell: ({ name, is_default, external_id }) => (
            <span>
              <strong>{name}</strong> {is_default && <Badge title="Whoever joins is in it">default</Badge>}{' '}
              {external_id && <Badge title="Its name in the directory">{external_id}</Badge>}
            </span>
          ),
        },
        {
          id: 'people',
          header: 'People',
          order: ({ users }) => users.length,
          cell: ({ users }) => namesOf(users.map(nameOf)),
        },
        {
          id: 'admins',
          header: 'Managed by',
          wide: true,
          cell: ({ users }) => namesOf(users.filter(({ group_admin }) => group_admin).map(nameOf)),
        },
        actionsColumn(
          (group: Group) => group.name,
          (group) => [
            { label: 'Edit', onClick: () => onEdit(group) },
            { label: 'Delete…', onClick: () => drop(group), destructive: true },
          ],
        ),
      ]}
    />
  )
}

const SHOWN = 3

function namesOf(names: readonly string[]): string {
  if (names.length === 0) return '–'
  const rest = names.length - SHOWN
  return names.slice(0, SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
