import { createFileRoute } from '@tanstack/react-router'
import { NewSegmentScreen } from '@/features/segments/new-segment-screen'
import { lookingIn } from '@/features/segments/segment-search'

export const Route = createFileRoute('/_app/project/$projectId/segments/new')({
  validateSearch: lookingIn,
  component: NewSegmentRoute,
})

function NewSegmentRoute() {
  const { environment } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <NewSegmentScreen
      environment={environment}
      onEnvironment={(key) => void navigate({ search: { environment: key }, replace: true })}
    />
  )
}
