import { Button, Group, Text } from '@mantine/core'
import { hideNotification, showNotification } from '@mantine/notifications'

const SECONDS_TO_UNDO = 8

interface Done {
  message: string
  onUndo?: () => void
}

/** Says that something was done, and takes it back for a few seconds. */
export function notifyDone({ message, onUndo }: Done): void {
  const id = showNotification({
    withBorder: true,
    color: 'teal',
    autoClose: (onUndo ? SECONDS_TO_UNDO : 4) * 1000,
    closeButtonProps: { 'aria-label': 'Close' },
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{message}</Text>
        {onUndo && (
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              hideNotification(id)
              onUndo()
            }}
          >
            Undo
          </Button>
        )}
      </Group>
    ),
  })
}

/** What somebody else did meanwhile. */
export function notifyNews({ title, message }: { title: string; message: string }): void {
  showNotification({
    withBorder: true,
    color: 'marine',
    title,
    message,
    autoClose: 6_000,
    closeButtonProps: { 'aria-label': 'Close' },
  })
}

/** The page belongs to an earlier build, and somebody is in the middle of something: they choose the moment. */
export function notifyToLoadAnew(): void {
  showNotification({
    id: 'load-anew',
    withBorder: true,
    color: 'marine',
    title: 'Burgee was updated',
    autoClose: false,
    closeButtonProps: { 'aria-label': 'Close' },
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">Save what you changed, then load this page anew.</Text>
        <Button size="compact-sm" variant="light" onClick={() => location.reload()}>
          Load anew
        </Button>
      </Group>
    ),
  })
}

export function notifyFailed(message: string): void {
  showNotification({
    id: `failed:${message}`,
    withBorder: true,
    color: 'red',
    title: 'That did not work',
    message,
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': 'Close' },
  })
}
