import { Group, SegmentedControl, Select } from '@mantine/core'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { featuresOf } from '@/data/features'
import { environmentsOf } from '@/data/places'
import { SPLITS } from '@/data/usage'
import type { EnvironmentId, ProjectId } from '@/lib/ids'
import { SPLIT_NAMES } from './model'
import { PeriodControl } from './period-control'
import { usageQuery, type OnSearch, type UsageSearch } from './usage-search'

interface UsageFiltersProps {
  project: ProjectId
  search: UsageSearch
  onSearch: OnSearch
}

/** What is counted, over which time, and how it is split. */
export function UsageFilters({ project, search, onSearch }: UsageFiltersProps) {
  const { what, by } = usageQuery(search)
  const { data: environments } = useSuspenseQuery(environmentsOf(project))
  const splits = SPLITS[what].filter((split) => split !== 'feature' || search.feature === undefined)
  return (
    <Group gap="xs" pb="sm">
      <SegmentedControl
        size="xs"
        aria-label="What is counted"
        data={[
          { value: 'requests', label: 'API calls' },
          { value: 'evaluations', label: 'Evaluations' },
        ]}
        value={what}
        onChange={(chosen) =>
          onSearch(
            chosen === 'evaluations'
              ? { what: chosen, by: undefined }
              : { what: undefined, by: undefined, feature: undefined },
          )
        }
      />
      <PeriodControl value={search.period} onChange={(period) => onSearch({ period })} />
      <Select
        aria-label="Split by"
        w={150}
        allowDeselect={false}
        data={splits.map((split) => ({ value: split, label: `By ${SPLIT_NAMES[split].toLowerCase()}` }))}
        value={by}
        onChange={(chosen) => onSearch({ by: splits.find((split) => split === chosen) })}
      />
      <Select
        aria-label="Environment"
        placeholder="All environments"
        clearable
        w={160}
        data={environments.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={search.env === undefined ? null : String(search.env)}
        onChange={(id) => onSearch({ env: id === null ? undefined : Number(id) })}
      />
      {what === 'evaluations' && <FeatureFilter {...{ project, search, onSearch }} />}
    </Group>
  )
}

function FeatureFilter({ project, search, onSearch }: UsageFiltersProps) {
  const { data: environments } = useSuspenseQuery(environmentsOf(project))
  const [first] = environments
  return first ? <FeatureSelect {...{ project, search, onSearch }} environment={first.id} /> : null
}

function FeatureSelect({
  project,
  environment,
  search,
  onSearch,
}: UsageFiltersProps & { environment: EnvironmentId }) {
  const { data: features = [] } = useQuery(featuresOf(project, environment))
  return (
    <Select
      aria-label="Feature"
      placeholder="All features"
      clearable
      searchable
      limit={100}
      w={200}
      data={features.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={search.feature === undefined ? null : String(search.feature)}
      onChange={(id) => onSearch({ feature: id === null ? undefined : Number(id), by: undefined })}
    />
  )
}
