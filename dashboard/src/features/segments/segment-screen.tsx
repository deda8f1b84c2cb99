import { Alert, Button, Group, Text } from '@mantine/core'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { auditOf } from '@/data/audit'
import { segmentWith, type Segment } from '@/data/segments'
import type { SegmentId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { Page } from '@/ui/page'
import { changesOf, changeWords } from '@/widgets/audit-words'
import { useCan } from '@/widgets/can'
import { ChangedBy, Moment } from '@/widgets/moment'
import { usePlace } from '@/widgets/place'
import { SaveBar } from '@/widgets/save-bar'
import { Screen } from '@/widgets/screen'
import { useProject } from '@/widgets/use-environment'
import { isComplete } from './draft'
import { SegmentFields } from './segment-fields'
import { SegmentMenu } from './segment-menu'
import { SegmentSide } from './segment-side'
import { useSaving } from './use-saving'
import { useSegmentForm } from './use-segment-form'
import classes from './segments.module.css'

interface SegmentScreenProps {
  id: SegmentId
  /** The environment to look in, as the address has it. */
  environment: string | undefined
  onEnvironment: (key: string) => void
}

/** One segment: its definition, whom it fits, what it decides. */
export function SegmentScreen(props: SegmentScreenProps) {
  return (
    <Screen what="the segment">
      <LoadedSegment {...props} key={props.id} />
    </Screen>
  )
}

function LoadedSegment({ id, environment, onEnvironment }: SegmentScreenProps) {
  const project = useProject()
  const place = usePlace()
  const { data: segment } = useSuspenseQuery(segmentWith(project.id, id))
  const mayChange = useCan('MANAGE_SEGMENTS', { project: project.id }) && segment.managed_by === ''
  const draft = useSegmentForm(segment)
  const { problems, general, save, isSaving } = useSaving(segment, draft, place.environments)
  const where = place.environments.find(({ api_key }) => api_key === environment) ?? place.environment
  const complete = isComplete(draft.form.rules)
  return (
    <Page
      title={segment.name}
      of={`Segments · ${project.name}`}
      about={<About segment={segment} />}
      actions={<SegmentMenu segment={segment} />}
    >
      <div className={classes['columns']}>
        <div className={classes['main']}>
          {general && (
            <Alert color="red" variant="light" role="alert">
              {general}
            </Alert>
          )}
          {draft.isOutdated && <Outdated segment={segment} onTheirs={draft.discard} onMine={draft.rebase} />}
          <SegmentFields
            project={project.id}
            environment={where}
            form={draft.form}
            warnings={segment.unusable_patterns}
            problems={problems}
            disabled={!mayChange}
            onForm={draft.edit}
          />
          <SaveBar
            changes={draft.changes.size}
            saving={isSaving}
            action="Save the segment"
            onDiscard={draft.discard}
            onSave={() => save()}
          >
            {!complete && (
              <Text size="sm" c="dimmed">
                Something is missing in the rule.
              </Text>
            )}
          </SaveBar>
        </div>
        {where && (
          <SegmentSide
            segment={segment}
            environments={place.environments}
            environment={where}
            onEnvironment={onEnvironment}
            rules={complete ? draft.form.rules : null}
            hasUnsaved={draft.changes.has('rules')}
          />
        )}
      </div>
    </Page>
  )
}

function About({ segment }: { segment: Segment }) {
  return (
    <>
      {segment.feature !== null && <Badge>for one feature</Badge>}{' '}
      {segment.managed_by !== '' && <Badge>kept by a percentage roll-out</Badge>} Changed{' '}
      <Moment at={segment.updated_at} />
    </>
  )
}

interface OutdatedProps {
  segment: Segment
  onTheirs: () => void
  onMine: () => void
}

function Outdated({ segment, onTheirs, onMine }: OutdatedProps) {
  const { data } = useQuery(
    auditOf(segment.project, { related_object_type: 'SEGMENT', search: segment.name }, 1),
  )
  const line = data?.results.find(({ related_object_id: id }) => id === segment.id)
  return (
    <Alert color="yellow" variant="light" title="Somebody else has saved this segment meanwhile" role="alert">
      {line && (
        <Text size="sm" component="div" mb={8}>
          <ChangedBy who={line.author} at={line.created_date} />
          {changesOf(line).map((change) => (
            <div key={change.field}>{changeWords(change)}</div>
          ))}
        </Text>
      )}
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={onTheirs}>
          Drop my changes and show theirs
        </Button>
        <Button size="compact-sm" variant="default" onClick={onMine}>
          Keep mine, to save over theirs
        </Button>
      </Group>
    </Alert>
  )
}
