import { Button, Group, Paper, Text } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import type { ReactNode } from 'react'

interface SaveBarProps {
  /** How many things differ from what is saved; 0 hides the bar. */
  changes: number
  onDiscard: () => void
  onSave: () => void
  saving: boolean
  action?: string
  /** For instance a note that goes along, or a button that shows the differences. */
  children?: ReactNode
}

/** One draft, one save: stands at the foot of an editor as long as something is unsaved. */
export function SaveBar({ changes, onDiscard, onSave, saving, action = 'Save', children }: SaveBarProps) {
  useWindowEvent('beforeunload', (event) => {
    if (changes > 0) event.preventDefault()
  })
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
