import { createFileRoute, redirect } from '@tanstack/react-router'
import { me } from '@/data/account'
import { Join } from '@/features/sign-in/join'

/** Who has no account yet makes one first and comes back here. */
export const Route = createFileRoute('/invite-link/$secret')({
  beforeLoad: async ({ context: { queryClient }, params, location }) => {
    if (await queryClient.query({ ...me, staleTime: 'static' })) return
    throw redirect({ to: '/signup', search: { redirect: location.href, invite: params.secret, link: true } })
  },
  component: JoinRoute,
})

function JoinRoute() {
  return <Join secret={Route.useParams().secret} byLink={true} />
}
