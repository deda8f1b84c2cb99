import { Button, Group, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconStack2 } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCreateEnvironment } from '@/data/places'
import { showErrors } from '@/lib/form-errors'
import type { ProjectId } from '@/lib/ids'
import { Page } from '@/ui/page'
import { EmptyState } from '@/ui/states'

/** A project that has no environment, or none that one may see. */
export function FirstEnvironment({ project }: { project: ProjectId }) {
  const form = useForm({ initialValues: { name: 'Development' } })
  const [problem, setProblem] = useState<string | null>(null)
  const create = useCreateEnvironment(project)
  const navigate = useNavigate()
  const submit = form.onSubmit(({ name }) =>
    create.mutate(name.trim(), {
      onSuccess: ({ api_key }) =>
        void navigate({
          to: '/project/$projectId/environment/$environmentKey/features',
          params: { projectId: String(project), environmentKey: api_key },
        }),
      onError: (error) => setProblem(showErrors(form, error)),
    }),
  )
  return (
    <Page title="Environments">
      <EmptyState
        title="No environment here yet"
        icon={IconStack2}
        action={
          <form onSubmit={submit}>
            <Group align="end" gap="xs">
              <TextInput
                label="Name"
                {...form.getInputProps('name')}
                error={form.errors['name'] ?? problem}
              />
              <Button type="submit" loading={create.isPending}>
                Create the environment
              </Button>
            </Group>
          </form>
        }
      >
        Features have a state in each environment, such as Development and Production.
      </EmptyState>
    </Page>
  )
}
