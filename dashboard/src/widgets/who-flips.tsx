import { useDebouncedValue } from '@mantine/hooks'
import { IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { FlagValue } from '@/data/features'
import type { Environment } from '@/data/places'
import { flipsOf, type DraftBody, type Flips } from '@/data/targeting'
import { count, plural } from '@/lib/format'
import type { FeatureId } from '@/lib/ids'
import classes from './who-flips.module.css'

const WAIT = 300

interface WhoFlipsProps {
  feature: FeatureId
  environment: Environment
  /** What would be saved; the same object as long as it is the same. */
  body: DraftBody
}

/** Who of the stored identities gets something else once the draft is saved. */
export function WhoFlips({ feature, environment, body }: WhoFlipsProps) {
  const [settled] = useDebouncedValue(body, WAIT)
  const { data, isPending, isPlaceholderData } = useQuery(
    flipsOf(environment.project, environment.api_key, feature, settled),
  )
  if (isPending)
    return (
      <div className={classes['flips']} data-old>
        <IconUsers size={14} aria-hidden />
        Counting whom it concerns…
      </div>
    )
  if (!data) return null
  return (
    <div className={classes['flips']} data-old={isPlaceholderData || body !== settled || undefined}>
      <IconUsers size={14} aria-hidden />
      {data.groups.length > 0 ? (
        <details>
          <summary>{headline(data)}</summary>
          <ul className={classes['groups']}>
            {data.groups.map((group, place) => (
              <li key={place}>
                {plural(group.count, 'identity', 'identities')}: {served(group.from)} → {served(group.to)}
                {group.samples.length > 0 && (
                  <span className={classes['samples']}>
                    {' '}
                    such as {group.samples.map(({ identifier }) => identifier).join(', ')}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </details>
      ) : (
        <span>{headline(data)}</span>
      )}
    </div>
  )
}

export function headline({ changed, examined, total, anonymous }: Flips): string {
  const nobody = anonymous.changed ? ' So do all who ask without an identity.' : ''
  if (total === 0)
    return `No identity is stored here yet.${nobody && ' Who asks without one gets something else.'}`
  const of =
    examined < total
      ? `of the last ${count(examined)} seen (${count(total)} in all)`
      : `of ${count(total)} identities`
  if (changed === 0) return `None ${of} gets anything else.${nobody && ' Who asks without one does.'}`
  return `${count(changed)} ${of} ${changed === 1 ? 'gets' : 'get'} something else.${nobody}`
}

function served({ enabled, value, variant }: { enabled: boolean; value: FlagValue; variant: string | null }) {
  return [enabled ? 'on' : 'off', variant ?? (value === null ? null : String(value))]
    .filter((part) => part !== null)
    .join(', ')
}
