import { createFileRoute, Outlet, redirect } from '@tanstack/react-router'
import { me, server } from '@/data/account'
import { SettingsCommands } from '@/features/settings/settings-commands'
import { Shell } from '@/widgets/shell/shell'

/** Everything behind sign-in. */
export const Route = createFileRoute('/_app')({
  codeSplitGroupings: [],
  beforeLoad: async ({ context: { queryClient }, location }) => {
    const person = await queryClient.query({ ...me, staleTime: 'static' })
    if (person) return
    const { self_hosted_data: state } = await queryClient.query(server)
    if (state && !state.has_users) throw redirect({ to: '/setup' })
    throw redirect({ to: '/login', search: location.href === '/' ? {} : { redirect: location.href } })
  },
  component: () => (
    <Shell>
      <SettingsCommands />
      <Outlet />
    </Shell>
  ),
})
