import { createFileRoute, redirect } from '@tanstack/react-router'

export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey/')({
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/project/$projectId/environment/$environmentKey/features', params })
  },
})
