import { IconArrowsDiff } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { CompareScreen } from '@/features/compare/compare-screen'
import { compareSearch } from '@/features/compare/compare-search'

export const Route = createFileRoute('/_app/project/$projectId/compare')({
  staticData: { nav: { label: 'Compare', icon: IconArrowsDiff, scope: 'project', order: 30 } },
  validateSearch: compareSearch,
  component: CompareRoute,
})

function CompareRoute() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <CompareScreen
      search={search}
      onSearch={(changes) => void navigate({ search: { ...search, ...changes }, replace: true })}
    />
  )
}
