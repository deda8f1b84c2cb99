import { Group, Kbd, Modal, Stack, Text } from '@mantine/core'
import { useRegisteredShortcuts } from '../shortcuts'

const EVERYWHERE = [
  { keys: 'Ctrl K', about: 'Search, jump to a page, run a command' },
  { keys: '?', about: 'This list' },
  { keys: 'Esc', about: 'Close what is open' },
]

/** What can be pressed here and everywhere. */
export default function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const here = useRegisteredShortcuts()
  return (
    <Modal opened onClose={onClose} title="Keyboard">
      <Stack gap="xs">
        {[...here, ...EVERYWHERE].map(({ keys, about }) => (
          <Group key={keys + about} justify="space-between">
            <Text size="sm">{about}</Text>
            <Kbd>{keys}</Kbd>
          </Group>
        ))}
      </Stack>
    </Modal>
  )
}
