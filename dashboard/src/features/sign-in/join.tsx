import { Button } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useJoin } from '@/data/account'
import { messageOf } from '@/lib/errors'
import { FrontForm, FrontPage } from './front-page'

/** Accepting an invitation, for somebody who is signed in. */
export function Join({ secret, byLink }: { secret: string; byLink: boolean }) {
  const join = useJoin()
  const navigate = useNavigate()
  const [problem, setProblem] = useState<string | null>(null)
  const accept = () =>
    join.mutate(
      { secret, byLink },
      {
        onSuccess: ({ id }) =>
          void navigate({
            to: '/organisation/$organisationId/projects',
            params: { organisationId: String(id) },
          }),
        onError: (error) => setProblem(messageOf(error)),
      },
    )
  return (
    <FrontPage
      title="You are invited"
      about="Join the organisation with the account that you are signed in with."
    >
      <FrontForm
        problem={problem}
        onSubmit={(event) => {
          event.preventDefault()
          accept()
        }}
      >
        <Button type="submit" loading={join.isPending}>
          Accept the invitation
        </Button>
        <Button component={Link} to="/" variant="subtle">
          Not now
        </Button>
      </FrontForm>
    </FrontPage>
  )
}
