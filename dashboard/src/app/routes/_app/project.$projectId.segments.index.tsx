import { IconUsersGroup } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { SegmentListScreen } from '@/features/segments/segment-list-screen'
import { segmentSearch } from '@/features/segments/segment-search'

export const Route = createFileRoute('/_app/project/$projectId/segments/')({
  staticData: { nav: { label: 'Segments', icon: IconUsersGroup, scope: 'project', order: 10 } },
  validateSearch: segmentSearch,
  component: SegmentsRoute,
})

function SegmentsRoute() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <SegmentListScreen
      search={search}
      onSearch={(changes) => void navigate({ search: { ...search, ...changes }, replace: true })}
    />
  )
}
