import { Alert, Button, Code, Group, Modal, Stack } from '@mantine/core'
import { CopyButton } from '@/ui/copy-button'

interface SecretOnceProps {
  title: string
  /** Null while there is nothing to show. */
  secret: string | null
  onClose: () => void
}

/** A text that the server tells once and forgets. */
export function SecretOnce({ title, secret, onClose }: SecretOnceProps) {
  return (
    <Modal opened={secret !== null} onClose={onClose} title={title} closeOnClickOutside={false} size="lg">
      <Stack gap="sm">
        <Alert color="yellow" variant="light">
          Copy it now. Nobody can read it again; whoever loses it makes another.
        </Alert>
        <Group gap="xs" wrap="nowrap">
          <Code block style={{ flex: 1, overflowX: 'auto' }}>
            {secret}
          </Code>
          <CopyButton text={secret ?? ''} what="the key" />
        </Group>
        <Button onClick={onClose} ml="auto" data-autofocus>
          I have copied it
        </Button>
      </Stack>
    </Modal>
  )
}
