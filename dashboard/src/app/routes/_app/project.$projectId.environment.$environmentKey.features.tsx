import { IconFlag } from '@tabler/icons-react'
import { createFileRoute, redirect } from '@tanstack/react-router'
import { tabOfOldLink } from '@/features/flag/flag-search'
import { tagsOf } from '@/data/features'
import { flagRowsOf } from '@/data/matrix'
import { permissionsIn } from '@/data/permissions'
import { FlagListScreen } from '@/features/flags/flag-list-screen'
import { flagSearch, type FlagSearch } from '@/features/flags/flag-search'
import { idFrom, type ProjectId } from '@/lib/ids'
import { useCallback } from 'react'

export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey/features')({
  codeSplitGroupings: [],
  staticData: { nav: { label: 'Features', icon: IconFlag, scope: 'environment', order: 10 } },
  validateSearch: flagSearch,
  beforeLoad: ({ params, search, location }) => {
    if (search.feature === undefined) return
    const old: { tab?: unknown } = location.search
    throw redirect({
      to: '/project/$projectId/environment/$environmentKey/features/$featureId',
      params: { ...params, featureId: String(search.feature) },
      search: { tab: tabOfOldLink(old.tab) },
      replace: true,
    })
  },
  // Asked for beside what the frame needs, not after it.
  loader: ({ context: { queryClient }, params }) => {
    const project = idFrom<ProjectId>(params.projectId)
    void Promise.allSettled([
      queryClient.query({ ...flagRowsOf(project), staleTime: 'static' }),
      queryClient.query({ ...tagsOf(project), staleTime: 'static' }),
      queryClient.query({ ...permissionsIn({ project }), staleTime: 'static' }),
    ])
  },
  component: FeaturesRoute,
})

function FeaturesRoute() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const onSearch = useCallback(
    // Over what the address says by then: two changes may come one right after the other.
    (changes: Partial<FlagSearch>) =>
      void navigate({ search: (before) => ({ ...before, ...changes }), replace: true }),
    [navigate],
  )
  return <FlagListScreen search={search} onSearch={onSearch} />
}
