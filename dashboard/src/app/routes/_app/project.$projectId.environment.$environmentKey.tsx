import { createFileRoute, notFound, Outlet } from '@tanstack/react-router'
import { environmentsOf } from '@/data/places'
import { idFrom, type ProjectId } from '@/lib/ids'
import { rememberPlace } from '@/widgets/place'

/** All pages of an environment. Pages read it with `useEnvironment()`. */
export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey')({
  loader: async ({ context: { queryClient }, params }) => {
    const project = idFrom<ProjectId>(params.projectId)
    const all = await queryClient.query({ ...environmentsOf(project), staleTime: 'static' })
    if (!all.some((environment) => environment.api_key === params.environmentKey)) throw notFound()
    rememberPlace(project, params.environmentKey)
  },
  component: Outlet,
})
