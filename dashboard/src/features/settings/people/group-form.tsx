import { Button, Checkbox, Modal, MultiSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSaveGroup, type Group } from '@/data/groups'
import { membersOf, nameOf } from '@/data/members'
import { showErrors } from '@/lib/form-errors'
import { idFrom, type OrganisationId, type UserId } from '@/lib/ids'
import { notifyDone } from '@/ui/notify'
import { useCan } from '@/widgets/can'

interface GroupFormProps {
  organisation: OrganisationId
  group: Group | null
  onClose: () => void
}

export function GroupForm({ organisation, group, onClose }: GroupFormProps) {
  const { data: members = [] } = useQuery(membersOf(organisation))
  const mayNameAdmins = useCan('ADMINISTER', { organisation })
  const save = useSaveGroup(organisation)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: {
      name: group?.name ?? '',
      is_default: group?.is_default ?? false,
      external_id: group?.external_id ?? '',
      users: group?.users.map(({ id }) => String(id)) ?? [],
      admins: group?.users.filter(({ group_admin }) => group_admin).map(({ id }) => String(id)) ?? [],
    },
    validate: { name: (text) => (text.trim() ? null : 'Name the group.') },
  })
  const people = members.map((member) => ({ value: String(member.id), label: nameOf(member) }))
  const { users, admins } = form.values
  const submit = form.onSubmit(({ name, is_default, external_id }) =>
    save.mutate(
      {
        group,
        draft: {
          name: name.trim(),
          is_default,
          external_id: external_id.trim() || null,
          users: users.map((id) => idFrom<UserId>(id)),
          admins: admins.filter((id) => users.includes(id)).map((id) => idFrom<UserId>(id)),
        },
      },
      {
        onSuccess: ({ name: saved }) => {
          notifyDone({ message: group ? `${saved} was saved` : `${saved} was created` })
          onClose()
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={group ? `Edit ${group.name}` : 'New group'}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label="Name"
            {...form.getInputProps('name')}
            error={form.errors['name'] ?? problem}
          />
          <MultiSelect label="People" data={people} searchable {...form.getInputProps('users')} />
          {mayNameAdmins && (
            <MultiSelect
              label="Managed by"
              description="Who may put people into the group and take them out"
              data={people.filter(({ value }) => users.includes(value))}
              {...form.getInputProps('admins')}
              value={admins.filter((id) => users.includes(id))}
            />
          )}
          <TextInput
            label="Name in your directory"
            description="When people come from a directory, by which name it knows the group"
            {...form.getInputProps('external_id')}
          />
          <Checkbox
            label="Whoever joins the organisation is in it"
            {...form.getInputProps('is_default', { type: 'checkbox' })}
          />
          <Button type="submit" ml="auto" loading={save.isPending}>
            {group ? 'Save the group' : 'Create the group'}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
