import { Alert, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { messageOf } from '@/lib/errors'
import { plural } from '@/lib/format'
import { Badge } from '@/ui/badge'
import { Panel } from '@/ui/panel'
import { ListSkeleton } from '@/ui/states'
import { Page } from '@/ui/page'
import type { ToldSegment } from '@/data/explain'
import { useAnswer, WhoIsIt } from '@/widgets/test-as'
import { WhoFields } from '@/widgets/test-as-fields'
import type { Who } from '@/widgets/test-as-who'
import { SegmentTrace } from '@/widgets/trace'
import { TraceList } from '@/widgets/trace-list'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { whoFrom, withWho, type PlaygroundSearch } from './playground-search'
import classes from './playground.module.css'

interface PlaygroundScreenProps {
  search: PlaygroundSearch
  onSearch: (changes: Partial<PlaygroundSearch>) => void
}

/** Test as anybody: an identifier or traits, then every flag with the rule that decides. */
export function PlaygroundScreen({ search, onSearch }: PlaygroundScreenProps) {
  const project = useProject()
  const environment = useEnvironment()
  const [who, setWho] = useState(() => whoFrom(search))
  const ask = (next: Who) => {
    setWho(next)
    onSearch(withWho(next))
  }
  const place = { projectId: project.id, environmentKey: environment.api_key }
  const { data, error, isPlaceholderData } = useAnswer({ ...place, who })
  const whose =
    who.identifier.trim() || (who.traits.length > 0 ? 'somebody like this' : 'nobody in particular')
  return (
    <Page
      title="Test as"
      of={`${environment.name} · ${project.name}`}
      about="Nothing is written: nobody is stored, no evaluation is counted."
    >
      <div className={classes['columns']}>
        <div className={classes['side']}>
          <Panel label="Who asks">
            <WhoFields {...place} who={who} onWho={ask} />
            {data && <WhoIsIt identity={data.identity} />}
          </Panel>
          {data ? <Segments segments={data.segments} /> : <Skeleton height={120} radius="sm" />}
        </div>
        <section className={classes['main']} aria-label="What they get">
          {error ? (
            <Alert color="red" variant="light" role="alert">
              {messageOf(error)}
            </Alert>
          ) : data ? (
            <div className={classes['answer']} data-old={isPlaceholderData || undefined}>
              <TraceList {...{ whose, search, onSearch }} explanation={data} />
            </div>
          ) : (
            <ListSkeleton />
          )}
        </section>
      </div>
    </Page>
  )
}

/** Which segments they are in, and why. */
function Segments({ segments }: { segments: readonly ToldSegment[] }) {
  const within = segments.filter(({ matched }) => matched)
  const outside = segments.filter(({ matched }) => !matched)
  if (segments.length === 0) return null
  return (
    <Panel label="Segments">
      <h2>
        In {within.length} of {plural(segments.length, 'segment')}
      </h2>
      {[...within, ...outside].map((segment) => (
        <details key={segment.id} className={classes['segment']}>
          <summary>
            <span>{segment.name}</span>
            <Badge tone={segment.matched ? 'positive' : 'neutral'}>
              {segment.matched ? 'In it' : 'Not in it'}
            </Badge>
          </summary>
          <SegmentTrace segment={segment} />
        </details>
      ))}
    </Panel>
  )
}
