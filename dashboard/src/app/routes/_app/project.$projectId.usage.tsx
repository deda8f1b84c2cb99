import { IconChartBar } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { UsageScreen } from '@/features/usage/usage-screen'
import { usageSearch } from '@/features/usage/usage-search'
import { useProject } from '@/widgets/use-environment'

export const Route = createFileRoute('/_app/project/$projectId/usage')({
  staticData: { nav: { label: 'Usage', icon: IconChartBar, scope: 'project', order: 50 } },
  validateSearch: usageSearch,
  component: UsageRoute,
})

function UsageRoute() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <UsageScreen
      project={useProject()}
      search={search}
      onSearch={(changes) => void navigate({ search: { ...search, ...changes }, replace: true })}
    />
  )
}
