import { Button, Group, Modal, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import type { FeatureId } from '@/lib/ids'

/** Asks before a draft is lost; another environment of the same flag keeps it. */
export function LeaveGuard({ isDrafted, feature }: { isDrafted: boolean; feature: FeatureId }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ next }) =>
      isDrafted && !('featureId' in next.params && next.params.featureId === String(feature)),
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
