import { createFileRoute } from '@tanstack/react-router'
import { SegmentScreen } from '@/features/segments/segment-screen'
import { lookingIn } from '@/features/segments/segment-search'
import { idFrom } from '@/lib/ids'

export const Route = createFileRoute('/_app/project/$projectId/segments/$segmentId')({
  validateSearch: lookingIn,
  component: SegmentRoute,
})

function SegmentRoute() {
  const { segmentId } = Route.useParams()
  const { environment } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <SegmentScreen
      id={idFrom(segmentId)}
      environment={environment}
      onEnvironment={(key) => void navigate({ search: { environment: key }, replace: true })}
    />
  )
}
