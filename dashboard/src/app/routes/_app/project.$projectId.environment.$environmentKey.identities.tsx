import { createFileRoute, redirect } from '@tanstack/react-router'

/** The other address of the same list. */
export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey/identities')({
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/project/$projectId/environment/$environmentKey/users', params })
  },
})
