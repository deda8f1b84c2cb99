import { Button, Center, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCloudOff, IconMoodEmpty, type Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface StateProps {
  title: string
  children?: ReactNode
  action?: ReactNode
  icon?: Icon
}

/** Nothing there yet, or nothing found: says what to do next. */
export function EmptyState({ title, children, action, icon: Picture = IconMoodEmpty }: StateProps) {
  return (
    <Center py={64} px="md">
      <Stack align="center" gap="xs" maw={420} ta="center">
        <Picture size={32} stroke={1.4} color="var(--text-muted)" aria-hidden />
        <Title order={2}>{title}</Title>
        {children && (
          <Text size="sm" c="dimmed" component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  )
}

interface FailedProps {
  /** What could not be loaded, as the end of a sentence: "the features". */
  what: string
  reason: string
  onRetry: () => void
}

/** Something could not be loaded: says why, and tries again when asked. */
export function FailedState({ what, reason, onRetry }: FailedProps) {
  return (
    <div role="alert">
      <EmptyState
        icon={IconCloudOff}
        title={`Could not load ${what}`}
        action={
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        }
      >
        {reason}
      </EmptyState>
    </div>
  )
}

/** The shape of a list that is on its way. */
export function ListSkeleton({ rows = 12 }: { rows?: number }) {
  return (
    <Stack gap={10} pt="sm" role="status" aria-busy aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={28} radius="sm" />
      ))}
    </Stack>
  )
}
