import { createFileRoute, useRouter } from '@tanstack/react-router'
import { ReturnPage } from '@/features/sign-in/return-page'

/** People come back here from Google. */
export const Route = createFileRoute('/oauth/google')({ component: ReturnRoute })

function ReturnRoute() {
  const router = useRouter()
  return <ReturnPage method="google" part={location.hash} onSignedIn={(next) => router.history.push(next)} />
}
