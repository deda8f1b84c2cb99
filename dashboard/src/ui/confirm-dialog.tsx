import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Confirmation } from './confirm'

export default function ConfirmDialog({
  title,
  children,
  action,
  destructive,
  typed,
  onConfirm,
  onClose,
}: Confirmation & { onClose: () => void }) {
  const [text, setText] = useState('')
  const ready = typed === undefined || text === typed
  return (
    <Modal opened centered onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!ready) return
          onClose()
          onConfirm()
        }}
      >
        <Stack gap="md">
          <Text size="sm" component="div">
            {children}
          </Text>
          {typed !== undefined && (
            <TextInput
              data-autofocus
              label={`Type “${typed}” to confirm`}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autoComplete="off"
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              disabled={!ready}
              {...(destructive ? { color: 'red.8' } : {})}
              data-autofocus={typed === undefined}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
