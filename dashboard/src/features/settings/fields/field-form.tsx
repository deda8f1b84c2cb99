import { Button, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import {
  CONTENT_TYPES,
  useSaveField,
  type CustomField,
  type FieldDraft,
  type FieldKind,
  type FieldType,
} from '@/data/custom-fields'
import { showErrors } from '@/lib/form-errors'
import type { OrganisationId, ProjectId } from '@/lib/ids'
import { notifyDone } from '@/ui/notify'

export const TYPES: Record<FieldType, string> = {
  str: 'a text',
  multiline_str: 'a long text',
  int: 'a whole number',
  bool: 'yes or no',
  url: 'an address',
}

const KINDS: readonly (readonly [FieldKind, string])[] = [
  ['feature', 'Features'],
  ['segment', 'Segments'],
  ['environment', 'Environments'],
]

interface FieldFormProps {
  organisation: OrganisationId
  project: ProjectId | null
  field: CustomField | null
  onClose: () => void
}

export function FieldForm({ organisation, project, field, onClose }: FieldFormProps) {
  const save = useSaveField(organisation, project)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: {
      name: field?.name ?? '',
      type: field?.type ?? ('str' satisfies FieldType),
      description: field?.description ?? '',
    },
    validate: { name: (text) => (text.trim() ? null : 'Name the field.') },
  })
  const [uses, setUses] = useState<FieldDraft['uses']>({
    feature: field ? wishFor(field, 'feature') : 'optional',
    segment: field ? wishFor(field, 'segment') : 'no',
    environment: field ? wishFor(field, 'environment') : 'no',
  })
  const submit = form.onSubmit((facts) =>
    save.mutate(
      { field, draft: { ...facts, name: facts.name.trim(), uses } },
      {
        onSuccess: ({ name }) => {
          notifyDone({ message: `${name} was saved` })
          onClose()
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={field ? `Edit ${field.name}` : 'New custom field'}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label="Name"
            placeholder="Ticket"
            {...form.getInputProps('name')}
            error={form.errors['name'] ?? problem}
          />
          <Select
            label="Takes"
            allowDeselect={false}
            data={Object.entries(TYPES).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps('type')}
          />
          <TextInput label="Description" {...form.getInputProps('description')} />
          {KINDS.map(([kind, label]) => (
            <div key={kind}>
              <Text size="sm" fw={500} mb={2}>
                {label}
              </Text>
              <SegmentedControl
                size="xs"
                fullWidth
                aria-label={`${label} have it`}
                data={[
                  { value: 'no', label: 'Do not have it' },
                  { value: 'optional', label: 'May have it' },
                  { value: 'required', label: 'Must have it' },
                ]}
                value={uses[kind]}
                onChange={(next) =>
                  setUses({ ...uses, [kind]: next === 'no' || next === 'required' ? next : 'optional' })
                }
              />
            </div>
          ))}
          <Button type="submit" ml="auto" loading={save.isPending}>
            {field ? 'Save the field' : 'Create the field'}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}

export function wishFor(field: CustomField, kind: FieldKind): 'no' | 'optional' | 'required' {
  const found = field.model_fields.find(({ content_type }) => content_type === CONTENT_TYPES[kind])
  if (!found) return 'no'
  return found.is_required_for.length > 0 ? 'required' : 'optional'
}
