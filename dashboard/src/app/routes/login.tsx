import { createFileRoute, redirect, useRouter } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { me } from '@/data/account'
import { SignIn } from '@/features/sign-in/sign-in'
import { localPath } from '@/features/sign-in/local-path'

export const Route = createFileRoute('/login')({
  validateSearch: z.object({ redirect: z.optional(z.string()) }),
  beforeLoad: async ({ context: { queryClient }, search }) => {
    if (await queryClient.query({ ...me, staleTime: 'static' }))
      throw redirect({ href: localPath(search.redirect) })
  },
  component: SignInRoute,
})

function SignInRoute() {
  const { redirect: target } = Route.useSearch()
  const router = useRouter()
  const next = localPath(target)
  return <SignIn next={next} onSignedIn={() => router.history.push(next)} />
}
