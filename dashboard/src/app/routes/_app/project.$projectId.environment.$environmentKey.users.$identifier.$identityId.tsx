import { createFileRoute } from '@tanstack/react-router'
import { useCallback } from 'react'
import { IdentityScreen } from '@/features/identities/identity-screen'
import { idFrom } from '@/lib/ids'
import { traceSearch, type TraceSearch } from '@/widgets/trace-search'

export const Route = createFileRoute(
  '/_app/project/$projectId/environment/$environmentKey/users/$identifier/$identityId',
)({
  validateSearch: traceSearch,
  component: IdentityRoute,
})

function IdentityRoute() {
  const { identityId } = Route.useParams()
  const navigate = Route.useNavigate()
  const onSearch = useCallback(
    (changes: Partial<TraceSearch>) =>
      void navigate({ search: (before) => ({ ...before, ...changes }), replace: true }),
    [navigate],
  )
  return <IdentityScreen id={idFrom(identityId)} search={Route.useSearch()} onSearch={onSearch} />
}
