import { Button, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useSaveRole, type Role } from '@/data/roles'
import { showErrors } from '@/lib/form-errors'
import type { OrganisationId } from '@/lib/ids'

interface RoleFormProps {
  organisation: OrganisationId
  role: Role | null
  onClose: () => void
  onSaved: (role: Role) => void
}

export function RoleForm({ organisation, role, onClose, onSaved }: RoleFormProps) {
  const save = useSaveRole(organisation)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { name: role?.name ?? '', description: role?.description ?? '' },
    validate: { name: (text) => (text.trim() ? null : 'Name the role.') },
  })
  const submit = form.onSubmit(({ name, description }) =>
    save.mutate(
      { id: role?.id ?? null, name: name.trim(), description: description.trim() },
      {
        onSuccess: (saved) => {
          onClose()
          onSaved(saved)
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={role ? `Rename ${role.name}` : 'New role'}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label="Name"
            placeholder="Release manager"
            {...form.getInputProps('name')}
            error={form.errors['name'] ?? problem}
          />
          <Textarea label="Description" autosize {...form.getInputProps('description')} />
          <Button type="submit" ml="auto" loading={save.isPending}>
            {role ? 'Save the role' : 'Create the role'}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
