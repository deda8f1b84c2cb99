import { Alert, Skeleton, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { explanationOf, type Explanation } from '@/data/explain'
import { messageOf } from '@/lib/errors'
import { plural } from '@/lib/format'
import type { EnvironmentKey, FeatureId, ProjectId } from '@/lib/ids'
import { WhoFields } from './test-as-fields'
import { NOBODY, questionOf, type Who } from './test-as-who'
import { FlagTrace, Verdict } from './trace'
import classes from './test-as.module.css'

interface TestAsProps {
  environmentKey: EnvironmentKey
  projectId: ProjectId
  /** Without one, the verdicts of all flags. */
  feature?: FeatureId
}

/** Who gets what, and why: an identifier or traits, then the value and the rule that decided. */
export function TestAs({ environmentKey, projectId, feature }: TestAsProps) {
  const [who, setWho] = useState(NOBODY)
  const { data, error, isPlaceholderData } = useAnswer({ projectId, environmentKey, who, feature })
  return (
    <Stack gap="md">
      <WhoFields {...{ projectId, environmentKey, who }} onWho={setWho} />
      {error ? (
        <Alert color="red" variant="light" role="alert">
          {messageOf(error)}
        </Alert>
      ) : data ? (
        <div className={classes['answer']} data-old={isPlaceholderData || undefined}>
          <WhoIsIt identity={data.identity} />
          {feature === undefined
            ? data.flags.map((flag) => (
                <div key={flag.feature.id} className={classes['flag']}>
                  <code>{flag.feature.name}</code>
                  <Verdict flag={flag} />
                </div>
              ))
            : data.flags.map((flag) => (
                <FlagTrace key={flag.feature.id} flag={flag} segments={data.segments} />
              ))}
        </div>
      ) : (
        <Skeleton height={120} radius="sm" role="status" aria-busy aria-label="Loading" />
      )}
    </Stack>
  )
}

interface Asking {
  projectId: ProjectId
  environmentKey: EnvironmentKey
  who: Who
  feature?: FeatureId | undefined
}

/** The answer for somebody, asked once they stop typing. */
export function useAnswer({ projectId, environmentKey, who, feature }: Asking) {
  const [settled] = useDebouncedValue(who, 250)
  return useQuery(explanationOf(projectId, environmentKey, questionOf(settled, feature)))
}

/** Whether the server knows whom one tests as, and which traits counted. */
export function WhoIsIt({ identity }: Pick<Explanation, 'identity'>) {
  if (!identity?.identifier)
    return <p className={classes['who']}>Nobody in particular: no identifier, so no share of a split.</p>
  const stored = identity.traits.filter(({ origin }) => origin === 'stored').length
  return (
    <p className={classes['who']}>
      {identity.stored
        ? `A stored identity${stored > 0 ? `, with ${plural(stored, 'stored trait')}` : ', without traits'}.`
        : 'Not stored yet: what it would get when it comes.'}
    </p>
  )
}
