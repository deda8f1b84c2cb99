import { createFileRoute, notFound, Outlet } from '@tanstack/react-router'
import { permissionsIn } from '@/data/permissions'
import { environmentsOf } from '@/data/places'
import { environmentKeyFrom, idFrom, type ProjectId } from '@/lib/ids'
import { rememberPlace } from '@/widgets/place'

/** All pages of an environment. Pages read it with `useEnvironment()`. */
export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey')({
  loader: async ({ context: { queryClient }, params }) => {
    const project = idFrom<ProjectId>(params.projectId)
    const all = await queryClient.query({ ...environmentsOf(project), staleTime: 'static' })
    if (!all.some((environment) => environment.api_key === params.environmentKey)) throw notFound()
    // Known before the page is drawn, so that nothing looks forbidden for a moment.
    const place = { project, environment: environmentKeyFrom(params.environmentKey) }
    await queryClient.query({ ...permissionsIn(place), staleTime: 'static' })
    rememberPlace(project, params.environmentKey)
  },
  component: Outlet,
})
