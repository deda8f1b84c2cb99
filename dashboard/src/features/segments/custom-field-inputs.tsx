import { NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { CustomField } from '@/data/custom-fields'
import { CONTENT_TYPES } from '@/data/custom-fields'
import { segmentFieldsOf, type FieldValue } from '@/data/segments'
import type { ProjectId } from '@/lib/ids'
import { Panel } from '@/ui/panel'

interface CustomFieldInputsProps {
  project: ProjectId
  values: readonly FieldValue[]
  disabled: boolean
  onValues: (values: FieldValue[]) => void
}

/** The custom fields that segments have here; nothing when they have none. */
export function CustomFieldInputs({ project, values, disabled, onValues }: CustomFieldInputsProps) {
  const { data: fields = [] } = useQuery(segmentFieldsOf(project))
  if (fields.length === 0) return null
  const set = (use: number, text: string) => {
    const others = values.filter(({ model_field }) => model_field !== use)
    onValues(text === '' ? others : [...others, { model_field: use, field_value: text }])
  }
  return (
    <Panel label="Custom fields">
      <h2>Custom fields</h2>
      {fields.map((field) => {
        const use = field.model_fields.find(({ content_type }) => content_type === CONTENT_TYPES.segment)
        if (!use) return null
        const value = values.find(({ model_field }) => model_field === use.id)?.field_value ?? ''
        return (
          <FieldInput
            key={field.id}
            field={field}
            required={use.is_required_for.length > 0}
            {...{ value, disabled }}
            onValue={(text) => set(use.id, text)}
          />
        )
      })}
    </Panel>
  )
}

interface FieldInputProps {
  field: CustomField
  value: string
  required: boolean
  disabled: boolean
  onValue: (text: string) => void
}

function FieldInput({ field, value, required, disabled, onValue }: FieldInputProps) {
  const shared = { label: field.name, description: field.description || undefined, required, disabled }
  switch (field.type) {
    case 'bool':
      return (
        <Select
          {...shared}
          clearable
          placeholder="–"
          data={[
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]}
          value={value === '' ? null : value}
          onChange={(next) => onValue(next ?? '')}
        />
      )
    case 'int':
      return <NumberInput {...shared} size="sm" value={value} onChange={(next) => onValue(String(next))} />
    case 'multiline_str':
      return (
        <Textarea
          {...shared}
          autosize
          value={value}
          onChange={(event) => onValue(event.currentTarget.value)}
        />
      )
    case 'url':
    case 'str':
      return (
        <TextInput
          {...shared}
          type={field.type === 'url' ? 'url' : 'text'}
          value={value}
          onChange={(event) => onValue(event.currentTarget.value)}
        />
      )
  }
}
