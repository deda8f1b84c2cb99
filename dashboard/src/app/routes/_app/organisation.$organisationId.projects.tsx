import { IconFolders } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { projectsOf } from '@/data/places'
import { idFrom, type OrganisationId } from '@/lib/ids'
import { ProjectList } from '@/features/organisation/project-list'

export const Route = createFileRoute('/_app/organisation/$organisationId/projects')({
  staticData: { nav: { label: 'Projects', icon: IconFolders, scope: 'organisation', order: 10 } },
  loader: ({ context: { queryClient }, params }) =>
    queryClient.query({ ...projectsOf(idFrom<OrganisationId>(params.organisationId)), staleTime: 'static' }),
  component: ProjectsRoute,
})

function ProjectsRoute() {
  return <ProjectList organisation={idFrom(Route.useParams().organisationId)} />
}
