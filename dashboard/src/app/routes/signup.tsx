import { createFileRoute, useRouter } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { SignUp } from '@/features/sign-in/sign-up'
import { localPath } from '@/features/sign-in/local-path'

export const Route = createFileRoute('/signup')({
  validateSearch: z.object({
    redirect: z.optional(z.string()),
    invite: z.optional(z.string()),
    link: z.optional(z.boolean()),
  }),
  component: SignUpRoute,
})

function SignUpRoute() {
  const { redirect: target, invite, link } = Route.useSearch()
  const router = useRouter()
  return (
    <SignUp
      invite={invite ? { secret: invite, byLink: link ?? false } : null}
      onSignedIn={() => router.history.push(localPath(target))}
    />
  )
}
