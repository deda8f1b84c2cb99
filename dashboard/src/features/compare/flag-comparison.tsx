import { Group, Select, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { IconFlag } from '@tabler/icons-react'
import { featuresOf, type Feature } from '@/data/features'
import type { Environment } from '@/data/places'
import { environmentKeyFrom } from '@/lib/ids'
import { EmptyState } from '@/ui/states'
import { Screen } from '@/widgets/screen'
import { useProject } from '@/widgets/use-environment'
import type { CompareSearch, OnSearch } from './compare-search'
import { FlagPlaces } from './flag-places'
import { pairFrom } from './model'
import { EnvironmentSelect } from './pair-picker'

interface FlagComparisonProps {
  environments: readonly Environment[]
  search: CompareSearch
  onSearch: OnSearch
}

/** One flag in every environment, against the one that it is compared with. */
export function FlagComparison({ environments, search, onSearch }: FlagComparisonProps) {
  const project = useProject()
  const pair = pairFrom(search, environments)
  const from = environments.find(({ api_key }) => api_key === pair?.from)
  if (!from) return null
  return (
    <Screen key={from.api_key} what="the features">
      <ChosenFlag {...{ environments, from, search, onSearch }} project={project.id} />
    </Screen>
  )
}

interface ChosenFlagProps extends FlagComparisonProps {
  project: Environment['project']
  from: Environment
}

function ChosenFlag({ environments, from, search, onSearch, project }: ChosenFlagProps) {
  const { data: features } = useSuspenseQuery(featuresOf(project, from.id))
  const feature = features.find(({ id }) => id === search.feature)
  return (
    <>
      <Group gap="xs" pb="sm">
        <FeatureSelect {...{ features, onSearch }} chosen={feature} />
        <Text size="sm" c="dimmed">
          compared with
        </Text>
        <EnvironmentSelect
          label="Compared with"
          environments={environments}
          chosen={from}
          onChoose={(key) => onSearch({ from: environmentKeyFrom(key), to: undefined })}
        />
      </Group>
      {feature ? (
        <Screen key={feature.id} what={`${feature.name} in the environments`}>
          <FlagPlaces {...{ environments, from, feature }} />
        </Screen>
      ) : (
        <EmptyState icon={IconFlag} title="Which feature?">
          Choose one to see its state and value in every environment, and to copy them from one to another.
        </EmptyState>
      )}
    </>
  )
}

interface FeatureSelectProps {
  features: readonly Feature[]
  chosen: Feature | undefined
  onSearch: OnSearch
}

function FeatureSelect({ features, chosen, onSearch }: FeatureSelectProps) {
  return (
    <Select
      aria-label="Feature"
      placeholder="Choose a feature"
      searchable
      limit={100}
      nothingFoundMessage="No feature fits"
      w={{ base: '100%', xs: 320 }}
      data={features.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={chosen ? String(chosen.id) : null}
      onChange={(id) => onSearch({ view: 'flag', feature: id === null ? undefined : Number(id) })}
    />
  )
}
