import { Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconChevronDown, IconFolder, IconPlus } from '@tabler/icons-react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { organisations, projectsOf } from '@/data/places'
import { Mark } from '@/ui/mark'
import { useOwnFlag } from '../own-flag'
import type { CurrentPlace } from '../place'
import classes from './project-switcher.module.css'

/** Which project this is, and the way to all others. */
export function ProjectSwitcher({ place }: { place: CurrentPlace }) {
  const navigate = useNavigate()
  const { data: all = [] } = useQuery(organisations)
  const lists = useQueries({ queries: all.map((organisation) => projectsOf(organisation.id)) })
  const mayNotCreate = useOwnFlag('disable_create_org').enabled
  const title = place.project?.name ?? place.organisation?.name ?? 'Burgee'
  return (
    <Menu position="bottom-start" width={250}>
      <Menu.Target>
        <UnstyledButton className={classes['button']}>
          <Mark size={22} />
          <span className={classes['names']}>
            <span className={classes['project']}>{title}</span>
            {place.project && <span className={classes['organisation']}>{place.organisation?.name}</span>}
          </span>
          <VisuallyHidden>, switch project</VisuallyHidden>
          <IconChevronDown size={14} color="var(--text-muted)" aria-hidden />
        </UnstyledButton>
      </Menu.Target>
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
