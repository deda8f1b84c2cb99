import { Button } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import type { Feature } from '@/data/features'
import type { Environment } from '@/data/places'
import { useCancelScheduled, useSchedule } from '@/data/versions'
import { messageOf } from '@/lib/errors'
import { exactTime } from '@/lib/format'
import { preload } from '@/lib/preload'
import { notifyDone, notifyFailed } from '@/ui/notify'
import { part } from '@/ui/part'
import { versionOf, whyNotLater } from './schedule'
import type { FlagHere } from './use-draft'

const loadPopover = () => import('./schedule-popover')
const SchedulePopover = part(loadPopover)

interface ScheduleButtonProps {
  feature: Feature
  drafted: readonly FlagHere[]
  note: string
  disabled: boolean
  onDone: () => void
}

/** Saves the draft at a later moment, where all its environments keep versions. */
export function ScheduleButton({ feature, drafted, note, disabled, onDone }: ScheduleButtonProps) {
  const [isAsked, setAsked] = useState(false)
  const [first] = drafted
  if (!first || !drafted.every(({ environment }) => environment.use_v2_feature_versioning)) return null
  const button = (
    <Button
      variant="default"
      leftSection={<IconClock size={15} />}
      aria-haspopup="dialog"
      disabled={disabled}
      onPointerEnter={() => preload(loadPopover)}
      onClick={() => setAsked(true)}
    >
      Later…
    </Button>
  )
  if (!isAsked) return button
  return (
    <Suspense fallback={button}>
      <Scheduling {...{ feature, drafted, note, onDone }} environment={first.environment}>
        {button}
      </Scheduling>
    </Suspense>
  )
}

interface SchedulingProps extends Omit<ScheduleButtonProps, 'disabled'> {
  environment: Environment
  children: React.ReactElement<{ onClick: () => void }>
}

function Scheduling({ feature, drafted, note, onDone, environment, children }: SchedulingProps) {
  const schedule = useSchedule(feature.id, environment)
  const cancel = useCancelScheduled(feature.id, environment)
  const places = drafted.map((here) => here.environment.name).join(', ')
  const submit = (at: Date) =>
    schedule.mutate(
      {
        at: at.toISOString(),
        note,
        drafts: drafted.map((here) => ({ environment: here.environment, body: versionOf(here.draft) })),
      },
      {
        onSuccess: (made) => {
          onDone()
          notifyDone({
            message: `${feature.name} changes in ${places} on ${exactTime(at)}`,
            // A promise, as the button is gone by then and would not be told.
            onUndo: () => void cancel.mutateAsync(made).then(tellCancelled, () => undefined),
          })
        },
        onError: (error) => notifyFailed(messageOf(error)),
      },
    )
  return (
    <SchedulePopover
      places={places}
      problem={drafted.map(({ draft }) => whyNotLater(draft)).find((each) => each !== null) ?? null}
      isPending={schedule.isPending}
      onSchedule={submit}
    >
      {children}
    </SchedulePopover>
  )
}

export function tellCancelled() {
  notifyDone({ message: 'It is no longer scheduled' })
}
