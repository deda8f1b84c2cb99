import { SegmentedControl } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Project } from '@/data/places'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { UsageFilters } from './usage-filters'
import { UsagePicture } from './usage-picture'
import type { OnSearch, UsageSearch } from './usage-search'

interface UsageScreenProps {
  project: Project
  search: UsageSearch
  onSearch: OnSearch
  /** Chooses the project, where the address does not. */
  picker?: ReactNode
}

/** How often the SDKs asked for what. */
export function UsageScreen({ project, search, onSearch, picker }: UsageScreenProps) {
  const view = (
    <SegmentedControl
      size="xs"
      aria-label="How to show it"
      data={[
        { value: 'chart', label: 'Chart' },
        { value: 'table', label: 'Table' },
      ]}
      value={search.view ?? 'chart'}
      onChange={(chosen) => onSearch({ view: chosen === 'table' ? chosen : undefined })}
    />
  )
  return (
    <Page
      title="Usage"
      of={project.name}
      actions={
        <>
          {picker}
          {view}
        </>
      }
    >
      <Screen what="the usage">
        <UsageFilters project={project.id} search={search} onSearch={onSearch} />
        <UsagePicture project={project.id} search={search} onSearch={onSearch} />
      </Screen>
    </Page>
  )
}
