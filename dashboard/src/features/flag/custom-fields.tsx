import { Anchor, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CONTENT_TYPES, type CustomField } from '@/data/custom-fields'
import { featureFieldsOf, useChangeFeature, type FeatureInFull } from '@/data/flag'
import { messageOf } from '@/lib/errors'
import { notifyDone } from '@/ui/notify'
import { useProject } from '@/widgets/use-environment'

interface CustomFieldsProps {
  feature: FeatureInFull
  mayEdit: boolean
}

/** What the organisation wants to know about each flag. */
export function CustomFields({ feature, mayEdit }: CustomFieldsProps) {
  const { data: fields = [] } = useQuery(featureFieldsOf(useProject().id))
  return fields.flatMap((field) => {
    const use = field.model_fields.find(({ content_type }) => content_type === CONTENT_TYPES.feature)
    if (!use) return []
    const value = feature.metadata.find(({ model_field }) => model_field === use.id)?.field_value ?? ''
    const props = {
      feature,
      field,
      value,
      mayEdit,
      place: use.id,
      isRequired: use.is_required_for.length > 0,
    }
    return [<Field key={`${field.id}-${value}`} {...props} />]
  })
}

interface FieldProps extends CustomFieldsProps {
  field: CustomField
  /** Where a value of the field on a feature belongs. */
  place: number
  value: string
  isRequired: boolean
}

function Field({ feature, field, place, value, isRequired, mayEdit }: FieldProps) {
  const [text, setText] = useState(value)
  const { mutate, error } = useChangeFeature(useProject().id, feature.id)
  const save = (next: string) => {
    if (next.trim() === value) return
    const others = feature.metadata.filter(({ model_field }) => model_field !== place)
    const given = next.trim() ? [{ model_field: place, field_value: next.trim() }] : []
    mutate(
      { metadata: [...others, ...given] },
      { onSuccess: () => notifyDone({ message: `${field.name} is saved` }) },
    )
  }
  const shared = {
    size: 'xs',
    label: field.name,
    description: field.description,
    required: isRequired,
    readOnly: !mayEdit,
    error: error ? messageOf(error) : null,
  } as const
  if (field.type === 'bool')
    return (
      <Select
        {...shared}
        placeholder="Not said"
        clearable={!isRequired}
        data={[
          { value: 'true', label: 'Yes' },
          { value: 'false', label: 'No' },
        ]}
        value={text || null}
        onChange={(next) => {
          setText(next ?? '')
          save(next ?? '')
        }}
      />
    )
  const typing = { ...shared, value: text, onBlur: () => save(text) }
  if (field.type === 'multiline_str')
    return (
      <Textarea {...typing} autosize minRows={2} onChange={(event) => setText(event.currentTarget.value)} />
    )
  return (
    <div>
      <TextInput
        {...typing}
        inputMode={field.type === 'int' ? 'numeric' : field.type === 'url' ? 'url' : 'text'}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && save(text)}
      />
      {field.type === 'url' && /^https?:\/\//.test(value) && (
        <Anchor href={value} target="_blank" rel="noreferrer" size="xs">
          Open {field.name}
        </Anchor>
      )}
    </div>
  )
}
