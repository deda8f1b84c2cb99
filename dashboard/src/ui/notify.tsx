import { Button, Group, Text } from '@mantine/core'
import { hideNotification, showNotification } from '@mantine/notifications'

const SECONDS_TO_UNDO = 8

interface Offer {
  message: string
  action: string
  onClick: () => void
}

/** A sentence with what can be done about it. */
function offer({ message, action, onClick }: Offer) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <Text size="sm">{message}</Text>
      <Button size="compact-sm" variant="light" onClick={onClick}>
        {action}
      </Button>
    </Group>
  )
}

interface Done {
  message: string
  onUndo?: () => void
}

/** Says that something was done, and takes it back for a few seconds. */
export function notifyDone({ message, onUndo }: Done): void {
  const undo = () => {
    hideNotification(id)
    onUndo?.()
  }
  const id = showNotification({
    withBorder: true,
    color: 'teal',
    autoClose: (onUndo ? SECONDS_TO_UNDO : 4) * 1000,
    closeButtonProps: { 'aria-label': 'Close' },
    message: onUndo ? offer({ message, action: 'Undo', onClick: undo }) : <Text size="sm">{message}</Text>,
  })
}

/** What somebody else did meanwhile. */
export function notifyNews({ title, message }: { title: string; message: string }): void {
  showNotification({
    withBorder: true,
    color: 'marine',
    title,
    message,
    styles: { description: { whiteSpace: 'pre-line' } },
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
    message: offer({
      message: 'Save what you changed, then load this page anew.',
      action: 'Load anew',
      onClick: () => location.reload(),
    }),
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

/** Something was asked for that has not come; it is asked for again by itself. */
export function notifyLate(): void {
  showNotification({
    id: 'late',
    withBorder: true,
    color: 'red',
    message: 'A part of this page could not be loaded. It is asked for until it comes.',
    autoClose: 6_000,
    closeButtonProps: { 'aria-label': 'Close' },
  })
}
