import { Select } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { IconChartBar } from '@tabler/icons-react'
import { projectsOf } from '@/data/places'
import type { OrganisationId } from '@/lib/ids'
import { Page } from '@/ui/page'
import { EmptyState } from '@/ui/states'
import { UsageScreen } from './usage-screen'
import type { OnSearch, UsageSearch } from './usage-search'

interface OrganisationUsageProps {
  organisation: OrganisationId
  search: UsageSearch
  onSearch: OnSearch
}

/** The usage of any project of an organisation. */
export function OrganisationUsage({ organisation, search, onSearch }: OrganisationUsageProps) {
  const { data: projects } = useSuspenseQuery(projectsOf(organisation))
  const project = projects.find(({ id }) => id === search.project) ?? projects[0]
  if (!project)
    return (
      <Page title="Usage">
        <EmptyState icon={IconChartBar} title="No projects yet">
          As soon as an app asks for the flags of a project, it is counted here.
        </EmptyState>
      </Page>
    )
  return (
    <UsageScreen
      key={project.id}
      project={project}
      search={search}
      onSearch={onSearch}
      picker={
        <Select
          aria-label="Project"
          w={200}
          allowDeselect={false}
          data={projects.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={String(project.id)}
          onChange={(id) => onSearch({ project: Number(id), env: undefined, feature: undefined })}
        />
      }
    />
  )
}
