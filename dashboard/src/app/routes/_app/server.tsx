import { createFileRoute } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { auditSearch } from '@/features/audit/audit-search'
import { ServerLogScreen } from '@/features/audit/server-log-screen'
import { sectionOf } from '@/features/settings/sections'
import { SignInPolicy } from '@/features/settings/server/sign-in-policy'
import { settingsSearch } from '@/features/settings/settings-search'
import { SettingsShell } from '@/features/settings/settings-shell'

export const Route = createFileRoute('/_app/server')({
  validateSearch: z.object({ ...auditSearch.shape, ...settingsSearch.shape }),
  component: ServerRoute,
})

function ServerRoute() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const section = sectionOf('server', search.tab)
  return (
    <SettingsShell section={section}>
      {section.tab === 'log' ? (
        <ServerLogScreen
          search={search}
          onSearch={(changes) => void navigate({ search: { ...search, ...changes }, replace: true })}
        />
      ) : (
        <SignInPolicy />
      )}
    </SettingsShell>
  )
}
