import { Button, Group, Paper, Text } from '@mantine/core'
import type { Environment } from '@/data/places'
import { plural } from '@/lib/format'
import type { FeatureId } from '@/lib/ids'

interface PromoteBarProps {
  chosen: readonly FeatureId[]
  to: Environment
  onClear: () => void
  onPromote: () => void
}

/** Stands at the foot of the list as long as something is selected. */
export function PromoteBar({ chosen, to, onClear, onPromote }: PromoteBarProps) {
  if (chosen.length === 0) return null
  const amount = plural(chosen.length, 'feature')
  return (
    <Paper
      withBorder
      shadow="md"
      p="xs"
      mt="sm"
      pos="sticky"
      bottom={12}
      role="region"
      aria-label="Selection"
    >
      <Group gap="sm">
        <Text size="sm" fw={500} aria-live="polite">
          {amount} selected
        </Text>
        <Group gap="xs" ml="auto">
          <Button variant="default" onClick={onClear}>
            Clear
          </Button>
          <Button onClick={onPromote}>{`Promote ${amount} to ${to.name}`}</Button>
        </Group>
      </Group>
    </Paper>
  )
}
