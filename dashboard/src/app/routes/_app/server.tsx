import { createFileRoute } from '@tanstack/react-router'
import { sectionOf } from '@/features/settings/sections'
import { SignInPolicy } from '@/features/settings/server/sign-in-policy'
import { settingsSearch } from '@/features/settings/settings-search'
import { SettingsShell } from '@/features/settings/settings-shell'

export const Route = createFileRoute('/_app/server')({
  validateSearch: settingsSearch,
  component: ServerRoute,
})

function ServerRoute() {
  const { tab } = Route.useSearch()
  return (
    <SettingsShell section={sectionOf('server', tab)}>
      <SignInPolicy />
    </SettingsShell>
  )
}
