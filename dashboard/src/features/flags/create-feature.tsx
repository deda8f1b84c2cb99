import { Alert, Button, Group, Modal, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useCreateFeature } from '@/data/features'
import type { Project } from '@/data/places'
import { showErrors } from '@/lib/form-errors'
import { notifyDone } from '@/ui/notify'
import { nameProblem } from './model'

interface CreateFeatureProps {
  project: Project
  onClose: () => void
}

export default function CreateFeature({ project, onClose }: CreateFeatureProps) {
  return (
    <Modal opened onClose={onClose} title="New feature" size="md">
      <FeatureForm project={project} onClose={onClose} />
    </Modal>
  )
}

function FeatureForm({ project, onClose }: CreateFeatureProps) {
  const rules = {
    pattern: project.feature_name_regex,
    lowerCaseOnly: project.only_allow_lower_case_feature_names,
  }
  const form = useForm({
    initialValues: { name: '', description: '', initial_value: '', default_enabled: false },
    validate: { name: (name) => nameProblem(name.trim(), rules) },
  })
  const [problem, setProblem] = useState<string | null>(null)
  const create = useCreateFeature(project.id)
  const submit = form.onSubmit(({ name, description, initial_value, default_enabled }) =>
    create.mutate(
      {
        name: name.trim(),
        default_enabled,
        ...(description.trim() && { description: description.trim() }),
        ...(initial_value && { initial_value }),
      },
      {
        onSuccess: () => {
          notifyDone({ message: `${name.trim()} is there, in all environments` })
          onClose()
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
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
          label="Name"
          placeholder="dark_mode"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('name')}
        />
        <TextInput
          label="Description"
          description="What it is for; whoever finds it next year will thank you."
          {...form.getInputProps('description')}
        />
        <Textarea
          label="Value"
          description="Optional: a text, a number, JSON."
          autosize
          minRows={1}
          maxRows={8}
          {...form.getInputProps('initial_value')}
        />
        <Group justify="space-between" mt={4}>
          <Switch
            label="On in all environments"
            {...form.getInputProps('default_enabled', { type: 'checkbox' })}
          />
          <Button type="submit" loading={create.isPending}>
            Create the feature
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
