import { Button } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useDismissHealth, type HealthEvent } from '@/data/flag'
import { environmentsOf } from '@/data/places'
import { Badge } from '@/ui/badge'
import { EmptyState } from '@/ui/states'
import { Can } from '@/widgets/can'
import { EnvironmentName } from '@/widgets/environment-dot'
import { Moment } from '@/widgets/moment'
import { useProject } from '@/widgets/use-environment'
import classes from './flag-screen.module.css'

/** What monitors reported about the flag. */
export function Health({ events }: { events: readonly HealthEvent[] }) {
  if (events.length === 0)
    return <EmptyState title="Nothing reported">No monitor has said anything about this flag.</EmptyState>
  return events.map((event) => <Report key={event.id} event={event} />)
}

function Report({ event }: { event: HealthEvent }) {
  const project = useProject()
  const { data: environments } = useSuspenseQuery(environmentsOf(project.id))
  const dismiss = useDismissHealth(project.id)
  const where = environments.find(({ id }) => id === event.environment)
  const isIll = event.type === 'UNHEALTHY'
  return (
    <article className={classes['event']}>
      <Badge tone={isIll ? 'negative' : 'positive'}>{isIll ? 'unhealthy' : 'healthy'}</Badge>
      {where ? <EnvironmentName environment={where} /> : <span>everywhere</span>}
      <span className={classes['reason']}>
        {event.reason?.text_blocks?.map(({ title, text }, place) => (
          <span key={place}>
            {title && <b>{title}: </b>}
            {text}{' '}
          </span>
        ))}
        {event.reason?.url_blocks?.map(({ title, url }) => (
          <a key={url} className={classes['link']} href={url} target="_blank" rel="noreferrer">
            {title ?? url}
          </a>
        ))}
      </span>
      <span className={classes['quiet']}>
        {event.provider_name}, <Moment at={event.created_at} />
      </span>
      {isIll && (
        <Can do="EDIT_FEATURE" in={{ project: project.id }}>
          <Button
            size="compact-sm"
            variant="default"
            loading={dismiss.isPending}
            onClick={() => dismiss.mutate(event.id)}
          >
            Dismiss
          </Button>
        </Can>
      )}
    </article>
  )
}
