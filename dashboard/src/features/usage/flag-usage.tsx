import { Group, SegmentedControl, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { environmentsOf } from '@/data/places'
import type { Period } from '@/data/usage'
import type { EnvironmentKey, FeatureId, ProjectId } from '@/lib/ids'
import { SPLIT_NAMES } from './model'
import { PeriodControl } from './period-control'
import { UsagePicture } from './usage-picture'
import type { FlagSplit } from './usage-search'

const SPLITS: readonly FlagSplit[] = ['environment', 'outcome', 'variant', 'state', 'sdk']

interface FlagUsageProps {
  project: ProjectId
  environment: EnvironmentKey
  feature: FeatureId
  by: FlagSplit | undefined
  period: Period | undefined
  onSearch: (changes: { by?: FlagSplit | undefined; period?: Period | undefined }) => void
}

/** How often one flag was evaluated, and what came of it as far as that is known. */
export function FlagUsage({
  project,
  environment,
  feature,
  by = 'environment',
  period,
  onSearch,
}: FlagUsageProps) {
  const { data: environments } = useSuspenseQuery(environmentsOf(project))
  const here = environments.find(({ api_key: key }) => key === environment)
  const isOfServer = by === 'outcome'
  return (
    <>
      <Group gap="sm" py="sm">
        <SegmentedControl
          size="xs"
          aria-label="Split the evaluations by"
          data={SPLITS.map((split) => ({ value: split, label: SPLIT_NAMES[split] }))}
          value={by}
          onChange={(chosen) => onSearch({ by: SPLITS.find((split) => split === chosen) })}
        />
        <PeriodControl value={period} onChange={(chosen) => onSearch({ period: chosen })} />
        {isOfServer && (
          <Text size="xs" c="dimmed">
            What this server answered in {here?.name ?? 'all environments'}: each flag of each answer counts
            once. What SDKs evaluate for themselves is not among it.
          </Text>
        )}
        {(by === 'variant' || by === 'state') && (
          <Text size="xs" c="dimmed">
            OpenFeature tells what came of each evaluation; other SDKs report only how often they evaluate.
          </Text>
        )}
      </Group>
      <UsagePicture
        project={project}
        search={
          isOfServer
            ? { what: 'outcomes', feature, period, env: here?.id }
            : { what: 'evaluations', feature, by, period }
        }
      />
    </>
  )
}
