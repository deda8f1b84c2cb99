import { createFileRoute, redirect } from '@tanstack/react-router'

/** An address that old links use. */
export const Route = createFileRoute('/_app/projects')({
  beforeLoad: () => {
    throw redirect({ to: '/' })
  },
})
