import { IconBuilding } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { CustomFields } from '@/features/settings/fields/custom-fields'
import { Webhooks } from '@/features/settings/hooks/webhooks'
import { ApiKeys } from '@/features/settings/machines/api-keys'
import { Trusts } from '@/features/settings/machines/trusts'
import { Groups } from '@/features/settings/people/groups'
import { Members } from '@/features/settings/people/members'
import { OrganisationGeneral } from '@/features/settings/places/organisation-general'
import { Roles } from '@/features/settings/roles/roles'
import { sectionOf } from '@/features/settings/sections'
import { settingsSearch } from '@/features/settings/settings-search'
import { SettingsShell } from '@/features/settings/settings-shell'
import { Provisioning } from '@/features/settings/sso/provisioning'
import { SingleSignOn } from '@/features/settings/sso/single-sign-on'
import { idFrom, type OrganisationId } from '@/lib/ids'
import { usePlace } from '@/widgets/place'

export const Route = createFileRoute('/_app/organisation/$organisationId/settings')({
  staticData: {
    nav: { label: 'Organisation settings', icon: IconBuilding, scope: 'organisation', order: 90 },
  },
  validateSearch: settingsSearch,
  component: OrganisationSettingsRoute,
})

function OrganisationSettingsRoute() {
  const { tab, member, role, hook } = Route.useSearch()
  const navigate = Route.useNavigate()
  const organisation = idFrom<OrganisationId>(Route.useParams().organisationId)
  const name = usePlace().organisation?.name
  const section = sectionOf('organisation', tab ?? 'members')
  const show = (opened: { member?: number; role?: number; hook?: number }) =>
    void navigate({ search: { tab: section.tab, ...opened } })
  const place = { organisation, name }
  return (
    <SettingsShell section={section}>
      {section.tab === 'general' && <OrganisationGeneral {...place} key={organisation} />}
      {section.tab === 'members' && (
        <Members {...place} shown={member} onShow={(id) => show(id === undefined ? {} : { member: id })} />
      )}
      {section.tab === 'groups' && <Groups {...place} />}
      {section.tab === 'roles' && (
        <Roles {...place} shown={role} onShow={(id) => show(id === undefined ? {} : { role: id })} />
      )}
      {section.tab === 'sso' && <SingleSignOn {...place} />}
      {section.tab === 'provisioning' && <Provisioning {...place} key={organisation} />}
      {section.tab === 'api-keys' && <ApiKeys {...place} />}
      {section.tab === 'trust' && <Trusts {...place} />}
      {section.tab === 'webhooks' && (
        <Webhooks
          place={{ organisation }}
          name={name}
          about="Called for every entry of the audit log of every project."
          shown={hook}
          onShow={(id) => show(id === undefined ? {} : { hook: id })}
        />
      )}
      {section.tab === 'custom-fields' && <CustomFields {...place} project={null} />}
    </SettingsShell>
  )
}
