import { Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { traitKeysOf } from '@/data/identities'
import type { Environment } from '@/data/places'
import { environmentKeyFrom, type ProjectId } from '@/lib/ids'
import { SegmentSentence } from '@/widgets/segment-sentence'
import { CustomFieldInputs } from './custom-field-inputs'
import { isWritten, rulesOf } from './draft'
import { RuleBuilder } from './rule-builder'
import type { SegmentForm } from './segment-form'
import classes from './segments.module.css'

interface SegmentFieldsProps {
  project: ProjectId
  environment: Environment | null
  form: SegmentForm
  warnings: Readonly<Record<string, string>>
  problems: Readonly<Record<string, string>>
  disabled: boolean
  onForm: (form: SegmentForm) => void
}

/** Everything that is edited about a segment. */
export function SegmentFields({
  project,
  environment,
  form,
  warnings,
  problems,
  disabled,
  onForm,
}: SegmentFieldsProps) {
  return (
    <>
      <TextInput
        label="Name"
        autoComplete="off"
        maw={480}
        disabled={disabled}
        error={problems['name']}
        value={form.name}
        onChange={(event) => onForm({ ...form, name: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        autosize
        minRows={1}
        maxRows={6}
        maw={720}
        disabled={disabled}
        error={problems['description']}
        value={form.description}
        onChange={(event) => onForm({ ...form, description: event.currentTarget.value })}
      />
      <div className={classes['definition']}>
        <Builder {...{ project, environment, form, warnings, disabled, onForm }} />
        {isWritten(form.rules) && (
          <p className={classes['sentence']} aria-label="In one sentence">
            <SegmentSentence rules={rulesOf(form.rules)} />
          </p>
        )}
      </div>
      <CustomFieldInputs
        project={project}
        values={form.metadata}
        disabled={disabled}
        onValues={(metadata) => onForm({ ...form, metadata })}
      />
    </>
  )
}

function Builder({
  project,
  environment,
  form,
  warnings,
  disabled,
  onForm,
}: Omit<SegmentFieldsProps, 'problems'>) {
  const key = environment?.api_key
  const { data: traits = [] } = useQuery({
    ...traitKeysOf(project, key ?? environmentKeyFrom('')),
    enabled: key !== undefined,
  })
  return (
    <RuleBuilder
      rules={form.rules}
      traits={traits}
      warnings={warnings}
      disabled={disabled}
      onChange={(rules) => onForm({ ...form, rules })}
    />
  )
}
