import { createFileRoute, redirect } from '@tanstack/react-router'

/** The address that segments had when they stood below an environment. */
export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey/segments')({
  beforeLoad: ({ params: { projectId } }) => {
    throw redirect({ to: '/project/$projectId/segments', params: { projectId } })
  },
})
