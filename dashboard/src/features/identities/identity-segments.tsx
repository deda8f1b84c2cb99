import { Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ToldSegment } from '@/data/explain'
import { Badge } from '@/ui/badge'
import { Panel } from '@/ui/panel'
import { useProject } from '@/widgets/use-environment'
import { SegmentTrace } from '@/widgets/trace'
import classes from './identities.module.css'

/** The segments that it is in, then those it is not, each with the conditions that held. */
export function IdentitySegments({ segments }: { segments: readonly ToldSegment[] }) {
  const ordered = [...segments].sort(
    (one, other) => Number(other.matched) - Number(one.matched) || one.name.localeCompare(other.name),
  )
  return (
    <Panel label="Segments">
      <h2>Segments</h2>
      {ordered.length === 0 && (
        <Text size="sm" c="dimmed">
          This project has no segments.
        </Text>
      )}
      <ul className={classes['segments']}>
        {ordered.map((segment) => (
          <li key={segment.id}>
            <details>
              <summary className={classes['segment']} data-matched={segment.matched}>
                <span>{segment.name}</span>
                <Badge tone={segment.matched ? 'positive' : 'neutral'}>
                  {segment.matched ? 'In it' : 'Not in it'}
                </Badge>
              </summary>
              <SegmentTrace segment={segment} />
              <OpenSegment segment={segment} />
            </details>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function OpenSegment({ segment }: { segment: ToldSegment }) {
  const project = useProject()
  return (
    <Link
      to="/project/$projectId/segments/$segmentId"
      params={{ projectId: String(project.id), segmentId: String(segment.id) }}
      className={classes['open'] ?? ''}
    >
      Open the segment
    </Link>
  )
}
