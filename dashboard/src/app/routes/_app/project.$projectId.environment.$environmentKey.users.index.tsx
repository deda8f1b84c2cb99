import { IconId } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { IdentityListScreen } from '@/features/identities/identity-list-screen'
import { identitySearch } from '@/features/identities/identity-search'

export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey/users/')({
  staticData: { nav: { label: 'Identities', icon: IconId, scope: 'environment', order: 20 } },
  validateSearch: identitySearch,
  component: IdentitiesRoute,
})

function IdentitiesRoute() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <IdentityListScreen
      search={search}
      onSearch={(changes) => void navigate({ search: { ...search, ...changes }, replace: true })}
    />
  )
}
