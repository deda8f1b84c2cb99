import { createFileRoute, redirect } from '@tanstack/react-router'
import { organisations, projectsOf } from '@/data/places'
import { lastProject } from '@/widgets/place'

/** Where one was last; else the first project; else the way to make one. */
export const Route = createFileRoute('/_app/')({
  loader: async ({ context: { queryClient } }) => {
    const all = await queryClient.query({ ...organisations, staleTime: 'static' })
    const [first] = all
    if (!first) throw redirect({ to: '/create' })
    const lists = await Promise.all(
      all.map(({ id }) => queryClient.query({ ...projectsOf(id), staleTime: 'static' })),
    )
    const projects = lists.flat()
    const project = projects.find(({ id }) => id === lastProject()) ?? projects[0]
    if (project) throw redirect({ to: '/project/$projectId', params: { projectId: String(project.id) } })
    throw redirect({
      to: '/organisation/$organisationId/projects',
      params: { organisationId: String(first.id) },
    })
  },
})
