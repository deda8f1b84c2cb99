import { createFileRoute, redirect } from '@tanstack/react-router'
import { environmentsOf } from '@/data/places'
import { idFrom, type ProjectId } from '@/lib/ids'
import { lastEnvironment } from '@/widgets/place'
import { FirstEnvironment } from '@/features/organisation/first-environment'

export const Route = createFileRoute('/_app/project/$projectId/')({
  loader: async ({ context: { queryClient }, params }) => {
    const id = idFrom<ProjectId>(params.projectId)
    const all = await queryClient.query({ ...environmentsOf(id), staleTime: 'static' })
    const chosen = all.find((environment) => environment.api_key === lastEnvironment(id)) ?? all[0]
    if (!chosen) return
    throw redirect({
      to: '/project/$projectId/environment/$environmentKey/features',
      params: { projectId: params.projectId, environmentKey: chosen.api_key },
    })
  },
  component: FirstEnvironmentRoute,
})

function FirstEnvironmentRoute() {
  return <FirstEnvironment project={idFrom(Route.useParams().projectId)} />
}
