import { Drawer, MultiSelect, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { nameOf, type Member } from '@/data/members'
import { permissionsIn } from '@/data/permissions'
import { bearersOf, rolesOf, rolesOfBearer, useGiveRole, useTakeRole } from '@/data/roles'
import type { OrganisationId } from '@/lib/ids'
import { Inspection } from '../inspection'

interface MemberDrawerProps {
  organisation: OrganisationId
  member: Member | undefined
  onClose: () => void
}

/** One person: the roles they were given, and what that adds up to. */
export function MemberDrawer({ organisation, member, onClose }: MemberDrawerProps) {
  return (
    <Drawer
      opened={member !== undefined}
      onClose={onClose}
      position="right"
      size={560}
      title={member && `What ${nameOf(member)} may do, and why`}
    >
      {member && (
        <Stack gap="xs">
          <GivenRoles organisation={organisation} member={member} />
          <Inspection organisation={organisation} user={member.id} />
        </Stack>
      )}
    </Drawer>
  )
}

function GivenRoles({ organisation, member }: { organisation: OrganisationId; member: Member }) {
  const queryClient = useQueryClient()
  const { data: mine } = useQuery(permissionsIn({ organisation }))
  const { data: roles = [] } = useQuery(rolesOf(organisation))
  const { data: given = [] } = useQuery(rolesOfBearer(organisation, 'user', member.id))
  const give = useGiveRole(organisation)
  const take = useTakeRole(organisation)
  if (roles.length === 0 || mine?.admin !== true) return null
  const had = given.map(({ id }) => String(id))
  const change = async (wanted: string[]) => {
    for (const id of wanted.filter((each) => !had.includes(each)))
      give.mutate({ role: Number(id), kind: 'user', id: member.id })
    for (const id of had.filter((each) => !wanted.includes(each))) {
      const bearers = await queryClient.query(bearersOf(organisation, Number(id)))
      const bearer = bearers.find((each) => each.kind === 'user' && each.id === member.id)
      if (bearer) take.mutate({ role: Number(id), bearer })
    }
  }
  return (
    <MultiSelect
      label="Roles given in person"
      placeholder={had.length === 0 ? 'None' : ''}
      data={roles.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={had}
      onChange={(wanted) => void change(wanted)}
      searchable
    />
  )
}
