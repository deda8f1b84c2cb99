import { createFileRoute, useRouter } from '@tanstack/react-router'
import { ReturnPage } from '@/features/sign-in/return-page'

/** People come back here from an OpenID provider. */
export const Route = createFileRoute('/login_/oidc')({ component: ReturnRoute })

function ReturnRoute() {
  const router = useRouter()
  return <ReturnPage method="oidc" part={location.hash} onSignedIn={(next) => router.history.push(next)} />
}
