import { IconSettings } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { CustomFields } from '@/features/settings/fields/custom-fields'
import { Tags } from '@/features/settings/fields/tags'
import { Environments } from '@/features/settings/places/environments'
import { PlaceGrants } from '@/features/settings/places/place-grants'
import { ProjectGeneral } from '@/features/settings/places/project-general'
import { sectionOf } from '@/features/settings/sections'
import { settingsSearch } from '@/features/settings/settings-search'
import { SettingsShell } from '@/features/settings/settings-shell'
import { ImportExport } from '@/features/settings/transfer/import-export'
import { useProject } from '@/widgets/use-environment'

export const Route = createFileRoute('/_app/project/$projectId/settings')({
  staticData: { nav: { label: 'Project settings', icon: IconSettings, scope: 'project', order: 90 } },
  validateSearch: settingsSearch,
  component: ProjectSettingsRoute,
})

function ProjectSettingsRoute() {
  const { tab } = Route.useSearch()
  const { id: project, organisation, name } = useProject()
  const section = sectionOf('project', tab)
  return (
    <SettingsShell section={section}>
      {section.tab === 'general' && <ProjectGeneral key={project} />}
      {section.tab === 'environments' && <Environments />}
      {section.tab === 'permissions' && (
        <PlaceGrants place={{ project }} organisation={organisation} name={name} />
      )}
      {section.tab === 'tags' && <Tags project={project} name={name} />}
      {section.tab === 'custom-fields' && (
        <CustomFields organisation={organisation} project={project} name={name} />
      )}
      {section.tab === 'import-export' && <ImportExport />}
    </SettingsShell>
  )
}
