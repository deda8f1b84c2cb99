import { createFileRoute } from '@tanstack/react-router'
import { AuditList } from '@/features/audit/audit-list'
import { flagPageSearch } from '@/features/flag/flag-search'
import { FlagScreen } from '@/features/flag/flag-screen'
import { FlagUsage } from '@/features/usage/flag-usage'
import { environmentKeyFrom, idFrom, type FeatureId, type ProjectId } from '@/lib/ids'

/** One flag. Old links name it in the search of the list, which leads here. */
export const Route = createFileRoute(
  '/_app/project/$projectId/environment/$environmentKey/features_/$featureId',
)({
  validateSearch: flagPageSearch,
  component: FlagRoute,
})

function FlagRoute() {
  const { projectId, environmentKey, featureId } = Route.useParams()
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const change = (changes: Partial<typeof search>) =>
    void navigate({ search: { ...search, ...changes }, replace: true, resetScroll: false })
  const feature = idFrom<FeatureId>(featureId)
  return (
    <FlagScreen
      featureId={feature}
      search={search}
      onSearch={change}
      usage={
        <FlagUsage
          project={idFrom<ProjectId>(projectId)}
          feature={feature}
          environment={environmentKeyFrom(environmentKey)}
          by={search.by}
          period={search.period}
          onSearch={({ by = search.by, ...changes }) =>
            change({ ...changes, by: by === 'environment' ? undefined : by })
          }
        />
      }
      history={
        <AuditList
          project={idFrom<ProjectId>(projectId)}
          search={{ feature, page: search.page }}
          onSearch={({ page }) => change({ page })}
        />
      }
    />
  )
}
