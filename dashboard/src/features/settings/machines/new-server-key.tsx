import { Button, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useCreateServerKey } from '@/data/api-keys'
import { showErrors } from '@/lib/form-errors'
import { notifyDone } from '@/ui/notify'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { EndsField } from '../ends-field'
import { momentFrom } from '../moments'
import { Problem } from '../problem'

export function NewServerKey({ onClose }: { onClose: () => void }) {
  const project = useProject()
  const environment = useEnvironment()
  const create = useCreateServerKey(project.id, environment.api_key)
  const [ends, setEnds] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (text) => (text.trim() ? null : 'Name the key after what uses it.') },
  })
  const submit = form.onSubmit(({ name }) =>
    create.mutate(
      { name: name.trim(), expires_at: momentFrom(ends) },
      {
        onSuccess: ({ name: made }) => {
          notifyDone({ message: `${made} was created` })
          onClose()
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={`New server-side key for ${environment.name}`}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput data-autofocus label="Name" placeholder="Backend" {...form.getInputProps('name')} />
          <EndsField value={ends} onChange={setEnds} />
          <Problem text={problem} />
          <Button type="submit" ml="auto" loading={create.isPending}>
            Create the key
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
