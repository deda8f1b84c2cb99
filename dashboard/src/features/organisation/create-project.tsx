import { Button, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCreateProject } from '@/data/places'
import { showErrors } from '@/lib/form-errors'
import type { OrganisationId } from '@/lib/ids'
import { useOwnFlag } from '@/widgets/own-flag'
import { environmentNames } from './environment-names'

interface CreateProjectProps {
  organisation: OrganisationId
  opened: boolean
  onClose: () => void
}

export function CreateProject({ organisation, opened, onClose }: CreateProjectProps) {
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (text) => (text.trim() ? null : 'Name the project.') },
  })
  const [problem, setProblem] = useState<string | null>(null)
  const environments = environmentNames(useOwnFlag('default_environment_names_for_new_project').value)
  const create = useCreateProject()
  const navigate = useNavigate()
  const submit = form.onSubmit(({ name }) =>
    create.mutate(
      { organisation, name: name.trim(), environments },
      {
        onSuccess: ({ project }) => {
          onClose()
          void navigate({ to: '/project/$projectId', params: { projectId: String(project.id) } })
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <Modal opened={opened} onClose={onClose} title="New project">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label="Name"
            description={`It starts with ${environments.join(' and ')}.`}
            {...form.getInputProps('name')}
            error={form.errors['name'] ?? problem}
          />
          <Button type="submit" loading={create.isPending} ml="auto">
            Create the project
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
