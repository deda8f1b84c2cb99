import { Code, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { sdkUrl } from '@/lib/facts'
import { CopyButton } from '@/ui/copy-button'
import { Page } from '@/ui/page'
import { useEnvironment } from '@/widgets/use-environment'
import { SNIPPETS, snippet, type Language } from './snippets'

/** The key of the environment, and what to paste into an application. */
export function Connect() {
  const environment = useEnvironment()
  const [language, setLanguage] = useState<Language>('curl')
  const text = snippet(language, sdkUrl, environment.api_key)
  return (
    <Page
      title="Connect an app"
      of={environment.name}
      about={`Applications read the features of ${environment.name} with this key.`}
      narrow
    >
      <Stack gap="md" mt="xs">
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            Client key
          </Text>
          <Code>{environment.api_key}</Code>
          <CopyButton text={environment.api_key} what="the key" />
        </Group>
        <div>
          <Group justify="space-between" mb={6}>
            <SegmentedControl
              size="xs"
              aria-label="Language"
              data={SNIPPETS.map(({ id, label }) => ({ value: id, label }))}
              value={language}
              onChange={(next) => setLanguage(SNIPPETS.find(({ id }) => id === next)?.id ?? 'curl')}
            />
            <CopyButton text={text} what="the snippet" />
          </Group>
          <Code block>{text}</Code>
        </div>
      </Stack>
    </Page>
  )
}
