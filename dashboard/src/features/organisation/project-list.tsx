import { Button, Skeleton, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFolders, IconPlus } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { environmentsOf, projectWith, projectsOf, type Project } from '@/data/places'
import { plural } from '@/lib/format'
import type { OrganisationId } from '@/lib/ids'
import { Page } from '@/ui/page'
import { EmptyState } from '@/ui/states'
import { Can } from '@/widgets/can'
import { EnvironmentName } from '@/widgets/environment-dot'
import { usePlace } from '@/widgets/place'
import { CreateProject } from './create-project'
import classes from './project-list.module.css'

export function ProjectList({ organisation }: { organisation: OrganisationId }) {
  const { data: projects } = useSuspenseQuery(projectsOf(organisation))
  const [isCreating, dialog] = useDisclosure(false)
  const place = usePlace()
  const create = (
    <Can do="CREATE_PROJECT" in={{ organisation }}>
      <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
        New project
      </Button>
    </Can>
  )
  return (
    <Page title="Projects" of={place.organisation?.name} actions={create}>
      {projects.length === 0 ? (
        <EmptyState title="No projects yet" icon={IconFolders}>
          A project holds the features of one product. Make the first one.
        </EmptyState>
      ) : (
        <ul className={classes['cards']}>
          {projects.map((project) => (
            <li key={project.id}>
              <ProjectCard project={project} />
            </li>
          ))}
        </ul>
      )}
      <CreateProject organisation={organisation} opened={isCreating} onClose={dialog.close} />
    </Page>
  )
}

function ProjectCard({ project }: { project: Project }) {
  const { data: whole } = useQuery(projectWith(project.id))
  const { data: environments } = useQuery(environmentsOf(project.id))
  return (
    <Link to="/project/$projectId" params={{ projectId: String(project.id) }} className={classes['card']}>
      <span className={classes['name']}>{project.name}</span>
      {whole ? (
        <Text size="sm" c="dimmed" component="span">
          {plural(whole.total_features ?? 0, 'feature')}, {plural(whole.total_segments ?? 0, 'segment')}
        </Text>
      ) : (
        <Skeleton height={14} width={140} />
      )}
      <span className={classes['environments']}>
        {environments?.map((environment) => (
          <EnvironmentName key={environment.id} environment={environment} />
        ))}
      </span>
    </Link>
  )
}
