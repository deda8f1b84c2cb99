import { Text } from '@mantine/core'

/** Why something was refused, where no field is to blame. */
export function Problem({ text }: { text: string | null }) {
  if (!text) return null
  return (
    <Text size="sm" c="var(--negative)" role="alert">
      {text}
    </Text>
  )
}
