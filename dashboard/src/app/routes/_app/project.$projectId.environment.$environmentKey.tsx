import { createFileRoute, notFound, Outlet } from '@tanstack/react-router'
import { permissionsIn } from '@/data/permissions'
import { environmentsOf } from '@/data/places'
import { environmentKeyFrom, idFrom, type ProjectId } from '@/lib/ids'
import { rememberPlace } from '@/widgets/place'

/** All pages of an environment. Pages read it with `useEnvironment()`. */
export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey')({
  codeSplitGroupings: [],
  loader: async ({ context: { queryClient }, params }) => {
    const project = idFrom<ProjectId>(params.projectId)
    const place = { project, environment: environmentKeyFrom(params.environmentKey) }
    const [all, permissions] = await Promise.allSettled([
      queryClient.query({ ...environmentsOf(project), staleTime: 'static' }),
      // Known before the page is drawn, so that nothing looks forbidden for a moment.
      queryClient.query({ ...permissionsIn(place), staleTime: 'static' }),
    ])
    if (all.status === 'rejected') throw all.reason
    if (!all.value.some((environment) => environment.api_key === params.environmentKey)) throw notFound()
    if (permissions.status === 'rejected') throw permissions.reason
    rememberPlace(project, params.environmentKey)
  },
  component: Outlet,
})
