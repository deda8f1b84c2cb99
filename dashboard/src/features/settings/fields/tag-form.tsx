import { Button, Checkbox, ColorInput, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Tag } from '@/data/features'
import { useSaveTag } from '@/data/tags'
import { showErrors } from '@/lib/form-errors'
import type { ProjectId } from '@/lib/ids'
import { HUES } from '@/ui/hues'
import { notifyDone } from '@/ui/notify'

interface TagFormProps {
  project: ProjectId
  tag: Tag | null
  onClose: () => void
}

export function TagForm({ project, tag, onClose }: TagFormProps) {
  const save = useSaveTag(project)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: {
      label: tag?.label ?? '',
      color: tag?.color ?? HUES.blue,
      description: tag?.description ?? '',
      is_permanent: tag?.is_permanent ?? false,
    },
    validate: { label: (text) => (text.trim() ? null : 'Name the tag.') },
  })
  const submit = form.onSubmit((facts) =>
    save.mutate(
      { id: tag?.id ?? null, ...facts, label: facts.label.trim() },
      {
        onSuccess: ({ label }) => {
          notifyDone({ message: `${label} was saved` })
          onClose()
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={tag ? `Edit ${tag.label}` : 'New tag'}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label="Name"
            {...form.getInputProps('label')}
            error={form.errors['label'] ?? problem}
          />
          <ColorInput
            label="Colour"
            format="hex"
            swatches={Object.values(HUES)}
            {...form.getInputProps('color')}
          />
          <TextInput label="Description" {...form.getInputProps('description')} />
          <Checkbox
            label="Permanent"
            description="Features with it are meant to stay and are never called stale"
            {...form.getInputProps('is_permanent', { type: 'checkbox' })}
          />
          <Button type="submit" ml="auto" loading={save.isPending}>
            {tag ? 'Save the tag' : 'Create the tag'}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
