import { Button } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import type { Feature } from '@/data/features'
import type { Segment } from '@/data/segments'
import { scheduledIn, useCancelScheduled, type ScheduledFlag } from '@/data/versions'
import { exactTime } from '@/lib/format'
import { confirm } from '@/ui/confirm'
import { OldNew } from '@/ui/old-new'
import { EnvironmentName } from '@/widgets/environment-dot'
import { Moment } from '@/widgets/moment'
import { changesOf, type Names } from './changes'
import { useMayChange } from './environment-table'
import { withRollouts } from './rollouts'
import { tellCancelled } from './schedule-button'
import type { Drafting, FlagHere } from './use-draft'
import classes from './scheduled.module.css'

interface ScheduledProps {
  feature: Feature
  drafting: Drafting
  segments: readonly Segment[]
  names: Names
}

/** What changes by itself later, in all environments; nothing is drawn where nothing waits. */
export function Scheduled({ feature, drafting, segments, names }: ScheduledProps) {
  const versioned = drafting.all.filter(({ environment }) => environment.use_v2_feature_versioning)
  const waiting = useQueries({
    queries: versioned.map(({ environment }) => scheduledIn(environment, feature.id)),
    combine: (results) => results.map(({ data }) => data ?? []),
  })
  const rows = versioned
    .flatMap((here, place) => (waiting[place] ?? []).map((scheduled) => ({ here, scheduled })))
    .sort((one, other) => one.scheduled.at.localeCompare(other.scheduled.at))
  if (rows.length === 0) return null
  return (
    <section aria-labelledby="scheduled">
      <h2 id="scheduled" className={classes['title']}>
        Scheduled
      </h2>
      <ul className={classes['rows']}>
        {rows.map(({ here, scheduled }) => (
          <ScheduledRow key={scheduled.uuid} {...{ feature, here, scheduled, segments, names }} />
        ))}
      </ul>
    </section>
  )
}

interface ScheduledRowProps {
  feature: Feature
  here: FlagHere
  scheduled: ScheduledFlag
  segments: readonly Segment[]
  names: Names
}

function ScheduledRow({ feature, here, scheduled, segments, names }: ScheduledRowProps) {
  const { environment, live } = here
  const mayChange = useMayChange(feature, here)
  const cancel = useCancelScheduled(feature.id, environment)
  const changes = changesOf(
    { base: live, flag: withRollouts(scheduled.flag, segments), individuals: [] },
    names,
  )
  const ask = () =>
    confirm({
      title: `Cancel what is scheduled in ${environment.name}?`,
      action: 'Cancel the change',
      destructive: true,
      children: `${feature.name} stays as it is on ${exactTime(new Date(scheduled.at))}.`,
      // A promise, as the row is gone by then and would not be told.
      onConfirm: () =>
        void cancel.mutateAsync([{ environment, uuid: scheduled.uuid }]).then(tellCancelled, () => undefined),
    })
  return (
    <li className={classes['row']}>
      <span className={classes['when']}>
        <EnvironmentName environment={environment} />
        <span className={classes['moment']}>
          <IconClock size={14} aria-hidden /> <Moment at={scheduled.at} />
        </span>
      </span>
      <span className={classes['what']}>
        {scheduled.note && <span className={classes['note']}>{scheduled.note}</span>}
        {changes.map(({ what, before, after }) => (
          <OldNew key={what} label={what} before={before} after={after} />
        ))}
        {changes.length === 0 && <span className={classes['note']}>As it is already.</span>}
      </span>
      {mayChange && (
        <Button
          size="compact-sm"
          variant="subtle"
          loading={cancel.isPending}
          aria-label={`Cancel what is scheduled in ${environment.name} on ${exactTime(new Date(scheduled.at))}`}
          onClick={ask}
        >
          Cancel
        </Button>
      )}
    </li>
  )
}
