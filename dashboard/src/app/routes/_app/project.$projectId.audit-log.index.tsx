import { IconHistory } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { AuditScreen } from '@/features/audit/audit-screen'
import { auditSearch } from '@/features/audit/audit-search'

export const Route = createFileRoute('/_app/project/$projectId/audit-log/')({
  staticData: { nav: { label: 'Audit log', icon: IconHistory, scope: 'project', order: 40 } },
  validateSearch: auditSearch,
  component: AuditRoute,
})

function AuditRoute() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <AuditScreen
      search={search}
      onSearch={(changes) => void navigate({ search: { ...search, ...changes }, replace: true })}
    />
  )
}
