import { createFileRoute, useRouter } from '@tanstack/react-router'
import { ReturnPage } from '@/features/sign-in/return-page'

/** People come back here from GitHub. */
export const Route = createFileRoute('/oauth/github')({ component: ReturnRoute })

function ReturnRoute() {
  const router = useRouter()
  return (
    <ReturnPage method="github" part={location.search} onSignedIn={(next) => router.history.push(next)} />
  )
}
