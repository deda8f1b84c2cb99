import { Group, SegmentedControl, Text } from '@mantine/core'
import type { FeatureId, ProjectId } from '@/lib/ids'
import { SPLIT_NAMES } from './model'
import { UsagePicture } from './usage-picture'
import type { FlagSplit } from './usage-search'

const SPLITS: readonly FlagSplit[] = ['environment', 'variant', 'state', 'sdk']

interface FlagUsageProps {
  project: ProjectId
  feature: FeatureId
  by: FlagSplit | undefined
  onSplit: (by: FlagSplit | undefined) => void
}

/** How often one flag was evaluated, and what came of it as far as that is reported. */
export function FlagUsage({ project, feature, by = 'environment', onSplit }: FlagUsageProps) {
  return (
    <>
      <Group gap="sm" py="sm">
        <SegmentedControl
          size="xs"
          aria-label="Split the evaluations by"
          data={SPLITS.map((split) => ({ value: split, label: SPLIT_NAMES[split] }))}
          value={by}
          onChange={(chosen) => onSplit(SPLITS.find((split) => split === chosen && split !== 'environment'))}
        />
        {(by === 'variant' || by === 'state') && (
          <Text size="xs" c="dimmed">
            OpenFeature tells what came of each evaluation; other SDKs report only how often they evaluate.
          </Text>
        )}
      </Group>
      <UsagePicture project={project} search={{ what: 'evaluations', feature, by }} />
    </>
  )
}
