import { createFileRoute, redirect } from '@tanstack/react-router'
import { me } from '@/data/account'
import { Consent } from '@/features/settings/account/consent'

/** Who is not signed in does that first and comes back here with the same question. */
export const Route = createFileRoute('/oauth/authorize')({
  beforeLoad: async ({ context: { queryClient } }) => {
    if (await queryClient.query({ ...me, staleTime: 'static' })) return
    throw redirect({ to: '/login', search: { redirect: `/oauth/authorize/${location.search}` } })
  },
  component: ConsentRoute,
})

// As it was sent: the router would read numbers out of a state that looks like one.
function ConsentRoute() {
  return <Consent question={Object.fromEntries(new URLSearchParams(location.search))} />
}
