import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  CONTENT_TYPES,
  customFieldsOf,
  useDeleteField,
  type CustomField,
  type FieldKind,
} from '@/data/custom-fields'
import type { OrganisationId, ProjectId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { useCan } from '@/widgets/can'
import { Screen } from '@/widgets/screen'
import { Listing } from '../listing'
import { actionsColumn } from '../row-menu'
import { FieldForm, TYPES } from './field-form'

interface CustomFieldsProps {
  organisation: OrganisationId
  /** Null on the page of the organisation, whose fields all projects have. */
  project: ProjectId | null
  name: string | undefined
}

export function CustomFields({ organisation, project, name }: CustomFieldsProps) {
  const [edited, edit] = useState<CustomField | 'new' | null>(null)
  const mayChange = useCan('ADMINISTER', project === null ? { organisation } : { project })
  return (
    <Page
      title="Custom fields"
      of={name}
      about={
        project === null
          ? 'Notes on features, segments and environments of every project, such as a ticket. SDKs never see them.'
          : 'Notes on features, segments and environments of this project, such as a ticket. SDKs never see them.'
      }
      actions={
        mayChange && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => edit('new')}>
            New field
          </Button>
        )
      }
    >
      <Screen what="the custom fields">
        <FieldList organisation={organisation} project={project} mayChange={mayChange} onEdit={edit} />
      </Screen>
      {edited && (
        <FieldForm
          organisation={organisation}
          project={project}
          field={edited === 'new' ? null : edited}
          onClose={() => edit(null)}
        />
      )}
    </Page>
  )
}

interface FieldListProps {
  organisation: OrganisationId
  project: ProjectId | null
  mayChange: boolean
  onEdit: (field: CustomField) => void
}

function FieldList({ organisation, project, mayChange, onEdit }: FieldListProps) {
  const { data: all } = useSuspenseQuery(customFieldsOf(organisation))
  const remove = useDeleteField(organisation)
  const shown = all.filter((field) => field.project === null || field.project === project)
  const drop = (field: CustomField) =>
    confirm({
      title: `Delete ${field.name}?`,
      children: 'Its values go with it, wherever it was filled in.',
      action: 'Delete the field',
      destructive: true,
      onConfirm: () =>
        remove.mutate(field.id, { onSuccess: () => notifyDone({ message: `${field.name} was deleted` }) }),
    })
  return (
    <Listing
      label="custom fields"
      rows={shown}
      rowKey={({ id }) => id}
      words={({ name, description }) => `${name} ${description ?? ''}`}
      empty="No custom fields yet."
      columns={[
        {
          id: 'name',
          header: 'Name',
          order: ({ name }) => name,
          cell: (field) => (
            <span>
              <strong>{field.name}</strong>{' '}
              {project !== null && field.project === null && (
                <Badge title="Of the organisation: all projects have it">everywhere</Badge>
              )}
            </span>
          ),
        },
        { id: 'type', header: 'Takes', width: '130px', cell: ({ type }) => TYPES[type] },
        { id: 'about', header: 'Description', wide: true, cell: ({ description }) => description || '–' },
        {
          id: 'uses',
          header: 'On',
          cell: (field) => <Uses field={field} />,
        },
        actionsColumn(
          (field: CustomField) => field.name,
          (field) =>
            mayChange && field.project === project
              ? [
                  { label: 'Edit', onClick: () => onEdit(field) },
                  { label: 'Delete…', onClick: () => drop(field), destructive: true },
                ]
              : [],
        ),
      ]}
    />
  )
}

const USED_ON: readonly (readonly [FieldKind, string])[] = [
  ['feature', 'features'],
  ['segment', 'segments'],
  ['environment', 'environments'],
]

function Uses({ field }: { field: CustomField }) {
  const uses = USED_ON.flatMap(([kind, words]) => {
    const use = field.model_fields.find(({ content_type }) => content_type === CONTENT_TYPES[kind])
    return use ? [{ words, isRequired: use.is_required_for.length > 0 }] : []
  })
  if (uses.length === 0) return <Badge tone="warning">nothing yet</Badge>
  return (
    <>
      {uses.map(({ words, isRequired }) => (
        <span key={words}>
          <Badge tone={isRequired ? 'accent' : 'neutral'}>
            {words}
            {isRequired && ', required'}
          </Badge>{' '}
        </span>
      ))}
    </>
  )
}
