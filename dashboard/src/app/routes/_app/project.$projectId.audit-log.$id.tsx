import { createFileRoute } from '@tanstack/react-router'
import { AuditLineScreen } from '@/features/audit/audit-line-screen'

export const Route = createFileRoute('/_app/project/$projectId/audit-log/$id')({ component: AuditLineRoute })

function AuditLineRoute() {
  return <AuditLineScreen id={Number(Route.useParams().id)} />
}
