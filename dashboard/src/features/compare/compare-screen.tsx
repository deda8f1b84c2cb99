import { SegmentedControl } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { IconStack2 } from '@tabler/icons-react'
import { environmentsOf } from '@/data/places'
import { Page } from '@/ui/page'
import { EmptyState } from '@/ui/states'
import { Screen } from '@/widgets/screen'
import { useProject } from '@/widgets/use-environment'
import type { CompareSearch, OnSearch } from './compare-search'
import { EnvironmentComparison } from './environment-comparison'
import { FlagComparison } from './flag-comparison'

interface CompareScreenProps {
  search: CompareSearch
  onSearch: OnSearch
}

/** What differs between environments, and the way to copy it over. */
export function CompareScreen({ search, onSearch }: CompareScreenProps) {
  const project = useProject()
  const { data: environments } = useSuspenseQuery(environmentsOf(project.id))
  const isOfFlag = search.view === 'flag' || search.feature !== undefined
  const views = (
    <SegmentedControl
      size="xs"
      aria-label="What to compare"
      data={[
        { value: 'environments', label: 'Environments' },
        { value: 'flag', label: 'One flag' },
      ]}
      value={isOfFlag ? 'flag' : 'environments'}
      onChange={(view) => onSearch(view === 'flag' ? { view } : { view: undefined, feature: undefined })}
    />
  )
  return (
    <Page title="Compare" of={project.name} actions={environments.length > 1 && views}>
      {environments.length < 2 ? (
        <EmptyState icon={IconStack2} title="Nothing to compare yet">
          This project has one environment. When it has a second one, what differs between them stands here,
          and can be copied over.
        </EmptyState>
      ) : (
        <Screen what="the comparison">
          {isOfFlag ? (
            <FlagComparison environments={environments} search={search} onSearch={onSearch} />
          ) : (
            <EnvironmentComparison environments={environments} search={search} onSearch={onSearch} />
          )}
        </Screen>
      )}
    </Page>
  )
}
