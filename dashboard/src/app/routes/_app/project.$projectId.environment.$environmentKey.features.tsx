import { IconFlag } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { FlagListScreen } from '@/features/flags/flag-list-screen'
import { flagSearch } from '@/features/flags/flag-search'

export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey/features')({
  staticData: { nav: { label: 'Features', icon: IconFlag, scope: 'environment', order: 10 } },
  validateSearch: flagSearch,
  component: FeaturesRoute,
})

function FeaturesRoute() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <FlagListScreen
      search={search}
      onSearch={(changes) => void navigate({ search: { ...search, ...changes }, replace: true })}
    />
  )
}
