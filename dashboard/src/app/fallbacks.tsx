import { Button } from '@mantine/core'
import { IconCompass } from '@tabler/icons-react'
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { useEffect } from 'react'
import { messageOf } from '@/lib/errors'
import { EmptyState, FailedState } from '@/ui/states'
import { onRecovery } from '@/widgets/connection'

/** A page whose data could not be loaded; comes back by itself with the server. */
export function Failed({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  useEffect(() => onRecovery(retry))
  return <FailedState what="this page" reason={messageOf(error)} onRetry={retry} />
}

export function NotFound() {
  return (
    <EmptyState
      icon={IconCompass}
      title="There is nothing at this address"
      action={
        <Button component={Link} to="/" variant="default">
          Go to your projects
        </Button>
      }
    >
      <title>Not found · Burgee</title>
      It may have been deleted, or the link may be incomplete.
    </EmptyState>
  )
}
