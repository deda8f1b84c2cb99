import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useState, type ReactNode } from 'react'

interface Confirmation {
  title: string
  /** What will happen, and to whom. */
  children: ReactNode
  /** The button says what happens: "Delete the project". */
  action: string
  destructive?: boolean
  /** Typed by hand before the button works: the name of what goes. */
  typed?: string
  onConfirm: () => void
}

/** Asks before something that cannot be undone, or that matters in a protected environment. */
export function confirm(question: Confirmation): void {
  const id = modals.open({
    title: question.title,
    centered: true,
    children: <Question {...question} onClose={() => modals.close(id)} />,
  })
}

function Question({
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
  )
}
