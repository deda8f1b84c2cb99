import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bearersOf, rolesOf, useDeleteRole, type Role } from '@/data/roles'
import { plural } from '@/lib/format'
import type { OrganisationId } from '@/lib/ids'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { useCan } from '@/widgets/can'
import { Screen } from '@/widgets/screen'
import { Listing } from '../listing'
import { actionsColumn } from '../row-menu'
import { RoleEditor } from './role-editor'
import { RoleForm } from './role-form'

interface RolesProps {
  organisation: OrganisationId
  name: string | undefined
  /** The role that is open: ?role=… */
  shown: number | undefined
  onShow: (role: number | undefined) => void
}

export function Roles({ organisation, name, shown, onShow }: RolesProps) {
  const isAdmin = useCan('ADMINISTER', { organisation })
  const [named, rename] = useState<Role | 'new' | null>(null)
  if (shown !== undefined)
    return (
      <Screen what="the role">
        <RoleEditor organisation={organisation} role={shown} of={name} onLeave={() => onShow(undefined)} />
      </Screen>
    )
  return (
    <Page
      title="Roles"
      of={name}
      about="A set of rights with a name, given to people, groups and API keys."
      actions={
        isAdmin && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => rename('new')}>
            New role
          </Button>
        )
      }
    >
      <Screen what="the roles">
        <RoleList organisation={organisation} isAdmin={isAdmin} onShow={onShow} onRename={rename} />
      </Screen>
      {named && (
        <RoleForm
          organisation={organisation}
          role={named === 'new' ? null : named}
          onClose={() => rename(null)}
          onSaved={({ id }) => named === 'new' && onShow(id)}
        />
      )}
    </Page>
  )
}

interface RoleListProps {
  organisation: OrganisationId
  isAdmin: boolean
  onShow: (role: number) => void
  onRename: (role: Role) => void
}

function RoleList({ organisation, isAdmin, onShow, onRename }: RoleListProps) {
  const { data: roles } = useSuspenseQuery(rolesOf(organisation))
  const remove = useDeleteRole(organisation)
  const drop = (role: Role) =>
    confirm({
      title: `Delete ${role.name}?`,
      children: 'Everybody who has the role loses what it grants.',
      action: 'Delete the role',
      destructive: true,
      onConfirm: () =>
        remove.mutate(role.id, { onSuccess: () => notifyDone({ message: `${role.name} was deleted` }) }),
    })
  return (
    <Listing
      label="roles"
      rows={roles}
      rowKey={({ id }) => id}
      words={({ name, description }) => `${name} ${description ?? ''}`}
      empty="No roles yet. A role such as “Release manager” grants the same rights to whoever has it."
      columns={[
        {
          id: 'name',
          header: 'Role',
          order: ({ name }) => name,
          cell: ({ id, name }) => (
            <Button variant="transparent" size="compact-sm" px={0} onClick={() => onShow(id)}>
              {name}
            </Button>
          ),
        },
        { id: 'about', header: 'Description', wide: true, cell: ({ description }) => description || '–' },
        {
          id: 'given',
          header: 'Given to',
          width: '220px',
          cell: ({ id }) => <GivenTo organisation={organisation} role={id} />,
        },
        actionsColumn(
          (role: Role) => role.name,
          (role) =>
            isAdmin
              ? [
                  { label: 'What it grants, and to whom', onClick: () => onShow(role.id) },
                  { label: 'Rename', onClick: () => onRename(role) },
                  { label: 'Delete…', onClick: () => drop(role), destructive: true },
                ]
              : [],
        ),
      ]}
    />
  )
}

function GivenTo({ organisation, role }: { organisation: OrganisationId; role: number }) {
  const { data: bearers } = useQuery(bearersOf(organisation, role))
  if (!bearers) return null
  const amount = (kind: string) => bearers.filter((bearer) => bearer.kind === kind).length
  const told = [
    amount('user') > 0 && plural(amount('user'), 'person', 'people'),
    amount('group') > 0 && plural(amount('group'), 'group'),
    amount('master_api_key') > 0 && plural(amount('master_api_key'), 'API key'),
  ].filter(Boolean)
  return told.join(', ') || 'nobody'
}
