import { Button, Group, Modal, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'

interface LeaveGuardProps {
  isDrafted: boolean
  /** Whether the draft is still there on the page at that path; unless told, on no other. */
  keeps?: ((path: string) => boolean) | undefined
}

/** Asks before a draft is lost, by another page, another tab of this one, or the end of the document. */
export function LeaveGuard({ isDrafted, keeps }: LeaveGuardProps) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => {
      if (!isDrafted) return false
      if (current.pathname === next.pathname) return tabIn(current.search) !== tabIn(next.search)
      return !keeps?.(next.pathname)
    },
    enableBeforeUnload: isDrafted,
    withResolver: true,
  })
  if (status !== 'blocked') return null
  return (
    <Modal opened onClose={reset} title="Leave without saving?" centered>
      <Text size="sm">What you changed here is not saved.</Text>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={proceed}>
          Leave
        </Button>
        <Button onClick={reset} data-autofocus>
          Stay
        </Button>
      </Group>
    </Modal>
  )
}

function tabIn(search: object): unknown {
  return 'tab' in search ? search.tab : undefined
}
