import { IconAdjustments } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { Webhooks } from '@/features/settings/hooks/webhooks'
import { ServerKeys } from '@/features/settings/machines/server-keys'
import { EnvironmentGeneral } from '@/features/settings/places/environment-general'
import { PlaceGrants } from '@/features/settings/places/place-grants'
import { sectionOf } from '@/features/settings/sections'
import { settingsSearch } from '@/features/settings/settings-search'
import { SettingsShell } from '@/features/settings/settings-shell'
import { useEnvironment, useProject } from '@/widgets/use-environment'

export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey/settings')({
  staticData: {
    nav: { label: 'Environment settings', icon: IconAdjustments, scope: 'environment', order: 90 },
  },
  validateSearch: settingsSearch,
  component: EnvironmentSettingsRoute,
})

function EnvironmentSettingsRoute() {
  const { tab, hook } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { id: project, organisation } = useProject()
  const { api_key: environment, name } = useEnvironment()
  const section = sectionOf('environment', tab)
  const place = { project, environment }
  return (
    <SettingsShell section={section}>
      {section.tab === 'general' && <EnvironmentGeneral />}
      {section.tab === 'keys' && <ServerKeys />}
      {section.tab === 'permissions' && <PlaceGrants place={place} organisation={organisation} name={name} />}
      {section.tab === 'webhooks' && (
        <Webhooks
          place={place}
          name={name}
          about={`Called whenever a feature changes in ${name}.`}
          shown={hook}
          onShow={(id) =>
            void navigate({ search: { tab: 'webhooks', ...(id === undefined ? {} : { hook: id }) } })
          }
        />
      )}
    </SettingsShell>
  )
}
