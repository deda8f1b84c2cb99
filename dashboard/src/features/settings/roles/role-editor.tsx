import { Button, Select } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { environmentsOf, projectsOf } from '@/data/places'
import { rolesOf } from '@/data/roles'
import type { OrganisationId, ProjectId } from '@/lib/ids'
import { Page } from '@/ui/page'
import { EmptyState } from '@/ui/states'
import { Block } from '../block'
import { RoleBearers } from './role-bearers'
import { RoleGrantEditor } from './role-grant-editor'

interface RoleEditorProps {
  organisation: OrganisationId
  role: number
  of: string | undefined
  onLeave: () => void
}

/** One role: who has it, and what it grants in the organisation, a project and its environments. */
export function RoleEditor({ organisation, role: id, of, onLeave }: RoleEditorProps) {
  const { data: roles } = useSuspenseQuery(rolesOf(organisation))
  const { data: projects = [] } = useQuery(projectsOf(organisation))
  const [chosen, choose] = useState<string | null>(null)
  const role = roles.find((each) => each.id === id)
  const back = (
    <Button variant="default" leftSection={<IconArrowLeft size={15} />} onClick={onLeave}>
      All roles
    </Button>
  )
  if (!role)
    return (
      <Page title="Roles" of={of}>
        <EmptyState title="There is no such role" action={back} />
      </Page>
    )
  const project = projects.find((each) => String(each.id) === chosen) ?? projects[0]
  return (
    <Page title={role.name} of={of} about={role.description ?? 'A role'} actions={back} narrow>
      <RoleBearers organisation={organisation} role={role.id} />
      <Block title="In the organisation">
        <RoleGrantEditor
          organisation={organisation}
          role={role.id}
          place={{ level: 'organisation', id: organisation }}
          project={null}
        />
      </Block>
      {project && (
        <>
          {projects.length > 1 && (
            <Select
              mt="lg"
              label="Project"
              searchable
              allowDeselect={false}
              data={projects.map((each) => ({ value: String(each.id), label: each.name }))}
              value={String(project.id)}
              onChange={choose}
            />
          )}
          <Block title={`In ${project.name}`}>
            <RoleGrantEditor
              key={project.id}
              organisation={organisation}
              role={role.id}
              place={{ level: 'project', id: project.id }}
              project={project.id}
            />
          </Block>
          <OfEnvironments organisation={organisation} role={role.id} project={project.id} />
        </>
      )}
    </Page>
  )
}

interface OfEnvironmentsProps {
  organisation: OrganisationId
  role: number
  project: ProjectId
}

function OfEnvironments({ organisation, role, project }: OfEnvironmentsProps) {
  const { data: environments = [] } = useQuery(environmentsOf(project))
  const [chosen, choose] = useState<string | null>(null)
  const environment = environments.find(({ id }) => String(id) === chosen) ?? environments[0]
  if (!environment) return null
  return (
    <Block
      title={`In ${environment.name}`}
      actions={
        <Select
          size="xs"
          aria-label="Environment"
          allowDeselect={false}
          data={environments.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={String(environment.id)}
          onChange={choose}
        />
      }
    >
      <RoleGrantEditor
        key={environment.id}
        organisation={organisation}
        role={role}
        place={{ level: 'environment', id: environment.id }}
        project={project}
      />
    </Block>
  )
}
