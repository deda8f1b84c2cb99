import { Menu, Text } from '@mantine/core'
import { IconFolder, IconPlus } from '@tabler/icons-react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { organisations, projectsOf } from '@/data/places'
import { useOwnFlag } from '../own-flag'
import type { CurrentPlace } from '../place'

interface ProjectMenuProps {
  place: CurrentPlace
  /** What it hangs below. */
  children: ReactElement
}

/** The way to all projects; opens as soon as it is there. */
export default function ProjectMenu({ place, children }: ProjectMenuProps) {
  const navigate = useNavigate()
  const { data: all = [] } = useQuery(organisations)
  const lists = useQueries({ queries: all.map((organisation) => projectsOf(organisation.id)) })
  const mayNotCreate = useOwnFlag('disable_create_org').enabled
  return (
    <Menu defaultOpened position="bottom-start" width={250}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown mah={460} style={{ overflowY: 'auto' }}>
        {all.map((organisation, index) => (
          <div key={organisation.id}>
            <Menu.Label>{organisation.name}</Menu.Label>
            {lists[index]?.data?.map((project) => (
              <Menu.Item
                key={project.id}
                leftSection={<IconFolder size={15} />}
                aria-current={project.id === place.project?.id ? 'true' : undefined}
                onClick={() =>
                  void navigate({ to: '/project/$projectId', params: { projectId: String(project.id) } })
                }
              >
                <Text size="sm" truncate>
                  {project.name}
                </Text>
              </Menu.Item>
            ))}
            <Menu.Item
              onClick={() =>
                void navigate({
                  to: '/organisation/$organisationId/projects',
                  params: { organisationId: String(organisation.id) },
                })
              }
            >
              All projects
            </Menu.Item>
          </div>
        ))}
        <Menu.Divider />
        {!mayNotCreate && (
          <Menu.Item leftSection={<IconPlus size={15} />} onClick={() => void navigate({ to: '/create' })}>
            New organisation
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
