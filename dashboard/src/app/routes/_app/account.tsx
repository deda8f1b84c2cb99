import { createFileRoute } from '@tanstack/react-router'
import { Profile } from '@/features/settings/account/profile'
import { Security } from '@/features/settings/account/security'
import { sectionOf } from '@/features/settings/sections'
import { settingsSearch } from '@/features/settings/settings-search'
import { SettingsShell } from '@/features/settings/settings-shell'
import { LinkAnother } from '@/features/sign-in/link-another'

export const Route = createFileRoute('/_app/account')({
  validateSearch: settingsSearch,
  component: AccountRoute,
})

function AccountRoute() {
  const { tab, factor } = Route.useSearch()
  const section = sectionOf('account', tab)
  return (
    <SettingsShell section={section}>
      {section.tab === 'security' ? (
        <Security factorNeeded={factor === 'needed'} linkAnother={<LinkAnother />} />
      ) : (
        <Profile />
      )}
    </SettingsShell>
  )
}
