import { Button, Group, Paper, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { LeaveGuard } from './leave-guard'

interface SaveBarProps {
  /** How many things differ from what is saved; 0 hides the bar. */
  changes: number
  onDiscard: () => void
  onSave: () => void
  saving: boolean
  action?: string
  /** The paths on which the draft is still there. */
  keeps?: (path: string) => boolean
  /** For instance a note that goes along, or a button that shows the differences. */
  children?: ReactNode
}

/** One draft, one save: stands at the foot of an editor as long as something is unsaved. */
export function SaveBar({
  changes,
  onDiscard,
  onSave,
  saving,
  action = 'Save',
  keeps,
  children,
}: SaveBarProps) {
  if (changes === 0) return null
  return (
    <Paper
      withBorder
      shadow="md"
      p="xs"
      pos="sticky"
      bottom={12}
      style={{ zIndex: 5 }}
      role="region"
      aria-label="Unsaved changes"
    >
      <LeaveGuard isDrafted keeps={keeps} />
      <Group gap="sm">
        <Text size="sm" fw={500} aria-live="polite">
          {changes === 1 ? '1 unsaved change' : `${changes} unsaved changes`}
        </Text>
        {children}
        <Group gap="xs" ml="auto">
          <Button variant="default" onClick={onDiscard} disabled={saving}>
            Discard
          </Button>
          <Button onClick={onSave} loading={saving}>
            {action}
          </Button>
        </Group>
      </Group>
    </Paper>
  )
}
