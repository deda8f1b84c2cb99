import { createFileRoute, Outlet } from '@tanstack/react-router'
import { environmentsOf, projectWith } from '@/data/places'
import { idFrom, type ProjectId } from '@/lib/ids'

/** All pages of a project: what the frame needs is there before them. */
export const Route = createFileRoute('/_app/project/$projectId')({
  codeSplitGroupings: [],
  loader: async ({ context: { queryClient }, params }) => {
    const id = idFrom<ProjectId>(params.projectId)
    await Promise.all([
      queryClient.query({ ...projectWith(id), staleTime: 'static' }),
      queryClient.query({ ...environmentsOf(id), staleTime: 'static' }),
    ])
  },
  component: Outlet,
})
