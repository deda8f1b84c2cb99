import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCreateOrganisation } from '@/data/places'
import { showErrors } from '@/lib/form-errors'
import { Page } from '@/ui/page'

export function CreateOrganisation() {
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (text) => (text.trim() ? null : 'Name the organisation.') },
  })
  const [problem, setProblem] = useState<string | null>(null)
  const create = useCreateOrganisation()
  const navigate = useNavigate()
  const submit = form.onSubmit(({ name }) =>
    create.mutate(name.trim(), {
      onSuccess: ({ id }) =>
        void navigate({
          to: '/organisation/$organisationId/projects',
          params: { organisationId: String(id) },
        }),
      onError: (error) => setProblem(showErrors(form, error)),
    }),
  )
  return (
    <Page
      title="New organisation"
      about="An organisation holds people and projects. Were you invited to one? Open the link of the invitation."
      narrow
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="sm" maw={420}>
          <TextInput
            label="Name"
            autoFocus
            {...form.getInputProps('name')}
            error={form.errors['name'] ?? problem}
          />
          <Group>
            <Button type="submit" loading={create.isPending}>
              Create the organisation
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  )
}
