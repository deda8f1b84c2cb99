import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useAddIdentity } from '@/data/identities'
import { showErrors } from '@/lib/form-errors'
import { useEnvironment, useProject } from '@/widgets/use-environment'

interface CreateIdentityProps {
  opened: boolean
  onClose: () => void
}

/** An identity that no app has asked for yet, to give it values beforehand. */
export function CreateIdentity({ opened, onClose }: CreateIdentityProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="New identity" size="md">
      <IdentityForm onClose={onClose} />
    </Modal>
  )
}

function IdentityForm({ onClose }: Pick<CreateIdentityProps, 'onClose'>) {
  const project = useProject()
  const environment = useEnvironment()
  const navigate = useNavigate()
  const create = useAddIdentity(project.id, environment.api_key)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { identifier: '' },
    validate: {
      identifier: (text) => (text.trim() === '' ? 'Give the identifier that the app uses.' : null),
    },
  })
  const submit = form.onSubmit(({ identifier }) =>
    create.mutate(identifier.trim(), {
      onSuccess: (made) => {
        onClose()
        void navigate({
          to: '/project/$projectId/environment/$environmentKey/users/$identifier/$identityId',
          params: {
            projectId: String(project.id),
            environmentKey: environment.api_key,
            identifier: made.identifier,
            identityId: String(made.id),
          },
        })
      },
      onError: (error) => setProblem(showErrors(form, error)),
    }),
  )
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {problem && (
          <Alert color="red" variant="light" role="alert">
            {problem}
          </Alert>
        )}
        <TextInput
          data-autofocus
          label="Identifier"
          description="What the app calls this person or thing, such as an account number."
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('identifier')}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending}>
            Create the identity
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
