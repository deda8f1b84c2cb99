import { IconChartBar } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { projectsOf } from '@/data/places'
import { OrganisationUsage } from '@/features/usage/organisation-usage'
import { usageSearch } from '@/features/usage/usage-search'
import { idFrom, type OrganisationId } from '@/lib/ids'

export const Route = createFileRoute('/_app/organisation/$organisationId/usage')({
  staticData: { nav: { label: 'Usage', icon: IconChartBar, scope: 'organisation', order: 60 } },
  validateSearch: usageSearch,
  loader: ({ context: { queryClient }, params }) =>
    queryClient.query({ ...projectsOf(idFrom<OrganisationId>(params.organisationId)), staleTime: 'static' }),
  component: UsageRoute,
})

function UsageRoute() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <OrganisationUsage
      organisation={idFrom(Route.useParams().organisationId)}
      search={search}
      onSearch={(changes) => void navigate({ search: { ...search, ...changes }, replace: true })}
    />
  )
}
