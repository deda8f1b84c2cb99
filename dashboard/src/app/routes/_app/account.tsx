import { createFileRoute } from '@tanstack/react-router'
import { Profile } from '@/features/settings/account/profile'
import { Security } from '@/features/settings/account/security'
import { sectionOf } from '@/features/settings/sections'
import { settingsSearch } from '@/features/settings/settings-search'
import { SettingsShell } from '@/features/settings/settings-shell'

export const Route = createFileRoute('/_app/account')({
  validateSearch: settingsSearch,
  component: AccountRoute,
})

function AccountRoute() {
  const section = sectionOf('account', Route.useSearch().tab)
  return (
    <SettingsShell section={section}>{section.tab === 'security' ? <Security /> : <Profile />}</SettingsShell>
  )
}
