import { createFileRoute, useRouter } from '@tanstack/react-router'
import { ReturnPage } from '@/features/sign-in/return-page'

/** People come back here from the identity provider of their organisation. */
export const Route = createFileRoute('/saml')({ component: ReturnRoute })

function ReturnRoute() {
  const router = useRouter()
  return <ReturnPage method="saml" part={location.search} onSignedIn={(next) => router.history.push(next)} />
}
