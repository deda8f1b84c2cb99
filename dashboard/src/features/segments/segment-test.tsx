import { Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import type { Environment } from '@/data/places'
import type { Segment } from '@/data/segments'
import { messageOf } from '@/lib/errors'
import { Badge } from '@/ui/badge'
import { Panel } from '@/ui/panel'
import { useAnswer } from '@/widgets/test-as'
import { WhoFields } from '@/widgets/test-as-fields'
import { NOBODY } from '@/widgets/test-as-who'
import { SegmentTrace } from '@/widgets/trace'
import classes from './segments.module.css'

interface SegmentTestProps {
  segment: Segment
  environment: Environment
  hasUnsaved: boolean
}

/** Is somebody in the segment, and which of its conditions hold for them? */
export function SegmentTest({ segment, environment, hasUnsaved }: SegmentTestProps) {
  const [who, setWho] = useState(NOBODY)
  const place = { projectId: segment.project, environmentKey: environment.api_key }
  const { data, error } = useAnswer({ ...place, who })
  const told = data?.segments.find(({ id }) => id === segment.id)
  return (
    <Panel label="Is somebody in it?">
      <h2>Is somebody in it?</h2>
      <WhoFields {...place} who={who} onWho={setWho} />
      {error ? (
        <Text size="sm" c="red" role="alert">
          {messageOf(error)}
        </Text>
      ) : !data ? (
        <Skeleton height={48} radius="sm" role="status" aria-busy aria-label="Loading" />
      ) : told ? (
        <div role="status" className={classes['told']}>
          <Badge tone={told.matched ? 'positive' : 'neutral'}>{told.matched ? 'In it' : 'Not in it'}</Badge>
          <SegmentTrace segment={told} />
        </div>
      ) : (
        <Text size="sm" c="dimmed">
          {environment.name} does not know this segment yet.
        </Text>
      )}
      {hasUnsaved && (
        <Text size="xs" c="dimmed">
          Tested as it is saved, without your changes.
        </Text>
      )}
    </Panel>
  )
}
