import { createFileRoute, redirect } from '@tanstack/react-router'
import { server } from '@/data/account'
import { FirstRun } from '@/features/sign-in/first-run'

/** Only while the server has nobody. */
export const Route = createFileRoute('/setup')({
  beforeLoad: async ({ context: { queryClient } }) => {
    const { self_hosted_data: state } = await queryClient.query(server)
    if (state?.has_users) throw redirect({ to: '/' })
  },
  component: FirstRun,
})
