import { createFileRoute, redirect } from '@tanstack/react-router'

/** An address that old links use. */
export const Route = createFileRoute('/_app/home')({
  beforeLoad: () => {
    throw redirect({ to: '/' })
  },
})
