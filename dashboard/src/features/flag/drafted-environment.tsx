import { Alert, Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { auditOf } from '@/data/audit'
import type { Feature } from '@/data/features'
import { DiffView } from '@/ui/diff-view'
import { OldNew } from '@/ui/old-new'
import { EnvironmentName } from '@/widgets/environment-dot'
import { ChangedBy } from '@/widgets/moment'
import { WhoFlips } from '@/widgets/who-flips'
import { changesOf, type Change, type Names } from './changes'
import { bodyOf, rebased } from './draft'
import { isStale, type FlagHere } from './use-draft'
import classes from './save-panel.module.css'

interface DraftedEnvironmentProps {
  feature: Feature
  here: FlagHere
  names: Names
  isSaving: boolean
}

/** The diff of one environment, who gets something else by it, and what somebody else did meanwhile. */
export function DraftedEnvironment({ feature, here, names, isSaving }: DraftedEnvironmentProps) {
  const { environment, draft } = here
  const body = useMemo(() => bodyOf(draft), [draft])
  return (
    <section className={classes['draft']} aria-label={`Changes in ${environment.name}`}>
      <h3 className={classes['where']}>
        <EnvironmentName environment={environment} />
      </h3>
      <div className={classes['what']}>
        {isStale(here) && !isSaving && <Conflict {...{ feature, here, names }} />}
        <ul className={classes['changes']}>
          {changesOf(draft, names).map((change) => (
            <li key={change.what}>
              <ChangeLine change={change} />
            </li>
          ))}
        </ul>
        <WhoFlips feature={feature.id} environment={environment} body={body} />
      </div>
    </section>
  )
}

const LONGEST = 60

function ChangeLine({ change: { what, before, after } }: { change: Change }) {
  if (!/\n/.test(before + after) && Math.max(before.length, after.length) <= LONGEST)
    return <OldNew label={what} before={before} after={after} />
  return (
    <div className={classes['long']}>
      <span className={classes['label']}>{what}</span>
      <DiffView before={before} after={after} label={`${what}: old and new`} />
    </div>
  )
}

/** Somebody saved the same flag since the draft was begun: it must be looked at before it is saved. */
function Conflict({ feature, here, names }: Omit<DraftedEnvironmentProps, 'isSaving'>) {
  const { environment, draft, live } = here
  const { data } = useQuery(
    auditOf(environment.project, { feature: feature.id, environments: environment.id }, 1),
  )
  const last = data?.results[0]
  const theirs = changesOf({ base: draft.base, flag: live, individuals: [] }, names)
  return (
    <Alert color="yellow" variant="light" py={8} role="alert" title="Changed by somebody else meanwhile">
      {last && (
        <p className={classes['who']}>
          <ChangedBy who={last.author} at={last.created_date} />
        </p>
      )}
      <ul className={classes['changes']}>
        {theirs.map((change) => (
          <li key={change.what}>
            <ChangeLine change={change} />
          </li>
        ))}
        {theirs.length === 0 && <li>What individuals get was changed.</li>}
      </ul>
      <Group gap="xs" mt={8}>
        <Button size="compact-sm" variant="default" onClick={() => here.change(rebased(draft, live))}>
          Keep my changes on top
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => here.change({ base: live, flag: live, individuals: [] })}
        >
          Drop mine in {environment.name}
        </Button>
      </Group>
    </Alert>
  )
}
