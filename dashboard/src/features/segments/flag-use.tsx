import { Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Environment } from '@/data/places'
import type { Preview } from '@/data/segments'
import type { ProjectId } from '@/lib/ids'
import { Badge, ValueChip } from '@/ui/badge'
import { Panel } from '@/ui/panel'
import { EnvironmentName } from '@/widgets/environment-dot'
import classes from './segments.module.css'

type Flag = NonNullable<Preview['segment']>['flags'][number]

interface FlagUseProps {
  project: ProjectId
  environments: readonly Environment[]
  flags: readonly Flag[] | undefined
}

/** The flags that say something about the segment, and what, in each environment. */
export function FlagUse({ project, environments, flags }: FlagUseProps) {
  if (!flags) return null
  const names = [...new Set(flags.map(({ feature }) => feature.name))].sort()
  return (
    <Panel label="Flags it decides">
      <h2>Flags it decides</h2>
      {names.length === 0 && (
        <Text size="sm" c="dimmed">
          None yet. Open a flag and target this segment.
        </Text>
      )}
      <ul className={classes['flags']}>
        {names.map((name) => (
          <li key={name}>
            <code>{name}</code>
            {flags
              .filter(({ feature }) => feature.name === name)
              .map((flag) => (
                <FlagInEnvironment key={flag.environment.id} {...{ project, environments, flag }} />
              ))}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function FlagInEnvironment({ project, environments, flag }: Omit<FlagUseProps, 'flags'> & { flag: Flag }) {
  const environment = environments.find(({ id }) => id === flag.environment.id)
  if (!environment) return null
  return (
    <div className={classes['flag']}>
      <Link
        to="/project/$projectId/environment/$environmentKey/features"
        params={{ projectId: String(project), environmentKey: environment.api_key }}
        search={{ feature: flag.feature.id }}
        style={{ color: 'inherit' }}
      >
        <EnvironmentName environment={environment} />
      </Link>
      <Badge tone={flag.enabled ? 'positive' : 'neutral'}>{flag.enabled ? 'On' : 'Off'}</Badge>
      {flag.value !== null && flag.value !== '' && <ValueChip value={flag.value} />}
    </div>
  )
}
