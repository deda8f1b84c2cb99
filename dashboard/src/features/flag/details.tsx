import { Button, MultiSelect, Switch, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { tagsOf } from '@/data/features'
import { standingOf, useChangeFeature, type FeatureChanges, type FeatureInFull } from '@/data/flag'
import { dayAgo } from '@/lib/format'
import { idFrom, type TagId } from '@/lib/ids'
import { notifyDone } from '@/ui/notify'
import { useCan } from '@/widgets/can'
import { Moment } from '@/widgets/moment'
import { useProject } from '@/widgets/use-environment'
import { CustomFields } from './custom-fields'
import { Links } from './links'
import { Owners } from './owners'
import { VariantList } from './variant-list'
import classes from './flag-screen.module.css'

interface DetailsProps {
  feature: FeatureInFull
  isDrafted: boolean
}

/** What people note about the flag; each is saved as it is changed, since no application sees it. */
export function Details({ feature, isDrafted }: DetailsProps) {
  const project = useProject()
  const mayEdit = useCan('EDIT_FEATURE', { project: project.id })
  const { mutate } = useChangeFeature(project.id, feature.id)
  const change = (changes: FeatureChanges, message: string) =>
    mutate(changes, { onSuccess: () => notifyDone({ message }) })
  const { data: tags = [] } = useQuery(tagsOf(project.id))
  return (
    <aside className={classes['aside']} aria-label={`About ${feature.name}`}>
      <Description feature={feature} mayEdit={mayEdit} onChange={change} />
      <VariantList feature={feature} isDrafted={isDrafted} />
      <MultiSelect
        size="xs"
        label="Tags"
        placeholder={feature.tags.length === 0 ? 'None' : ''}
        searchable
        readOnly={!mayEdit}
        data={tags.map(({ id, label }) => ({ value: String(id), label }))}
        value={feature.tags.map(String)}
        onChange={(chosen) => change({ tags: chosen.map((id) => idFrom<TagId>(id)) }, 'The tags are saved')}
      />
      <Owners feature={feature} mayEdit={mayEdit} />
      <Links feature={feature.id} />
      <CustomFields feature={feature} mayEdit={mayEdit} />
      <Switch
        size="sm"
        label="Server-side SDKs only"
        description="Browsers and phones do not get it."
        checked={feature.is_server_key_only}
        disabled={!mayEdit}
        onChange={(event) => {
          const { checked } = event.currentTarget
          change(
            { is_server_key_only: checked },
            checked ? 'Only server-side SDKs get it now' : 'All SDKs get it now',
          )
        }}
      />
      <Facts feature={feature} />
    </aside>
  )
}

interface DescriptionProps {
  feature: FeatureInFull
  mayEdit: boolean
  onChange: (changes: FeatureChanges, message: string) => void
}

function Description({ feature, mayEdit, onChange }: DescriptionProps) {
  const [text, setText] = useState<string | null>(null)
  const finish = () => {
    if (text !== null && text.trim() !== (feature.description ?? ''))
      onChange({ description: text.trim() || null }, 'The description is saved')
    setText(null)
  }
  if (text !== null)
    return (
      <Textarea
        size="xs"
        label="Description"
        autosize
        minRows={3}
        autoFocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setText(null)
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) finish()
        }}
      />
    )
  return (
    <div>
      <h2 className={classes['label']}>
        Description
        {mayEdit && (
          <Button size="compact-xs" variant="subtle" onClick={() => setText(feature.description ?? '')}>
            Edit
          </Button>
        )}
      </h2>
      <p className={feature.description ? classes['description'] : classes['quiet']}>
        {feature.description ?? 'Nobody has written what it is for.'}
      </p>
    </div>
  )
}

function Facts({ feature }: { feature: FeatureInFull }) {
  const { data: standing } = useQuery(standingOf(useProject().id, feature.id, feature.name))
  return (
    <dl className={classes['facts']}>
      <dt>Created</dt>
      <dd>
        <Moment at={feature.created_date} />
      </dd>
      {standing && (
        <>
          <dt>Last evaluated</dt>
          <dd>{dayAgo(standing.last_evaluated)}</dd>
        </>
      )}
      <dt>Id</dt>
      <dd>{feature.id}</dd>
    </dl>
  )
}
