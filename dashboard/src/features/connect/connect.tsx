import { Code, Group, Select, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { firstEvaluationOf } from '@/data/first-evaluation'
import { flagRowsOf } from '@/data/matrix'
import { sdkUrl } from '@/lib/facts'
import { remember, remembered } from '@/lib/storage'
import { CopyButton } from '@/ui/copy-button'
import { Page } from '@/ui/page'
import { Moment } from '@/widgets/moment'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { SDKS, snippet, type Language } from './snippets'
import classes from './connect.module.css'

/** The key of the environment, what to paste into an application, and whether one has asked. */
export function Connect() {
  const project = useProject()
  const environment = useEnvironment()
  const [language, setLanguage] = useState<Language>(() => languageFrom(remembered('sdk')))
  const { data: flags } = useQuery(flagRowsOf(project.id))
  const { install } = SDKS.find(({ id }) => id === language) ?? SDKS[0]
  const feature = flags?.rows.find((row) => !row.is_archived)?.name ?? 'my_feature'
  const text = snippet(language, { url: sdkUrl, key: environment.api_key, feature })
  return (
    <Page
      title="Connect an app"
      of={environment.name}
      about={`Applications read the features of ${environment.name} with this key.`}
      narrow
    >
      <Stack gap="lg" mt="xs">
        <Status />
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            Client key
          </Text>
          <Code>{environment.api_key}</Code>
          <CopyButton text={environment.api_key} what="the key" />
        </Group>
        <Select
          label="SDK"
          w={200}
          allowDeselect={false}
          data={SDKS.map(({ id, label }) => ({ value: id, label }))}
          value={language}
          onChange={(next) => {
            setLanguage(languageFrom(next))
            remember('sdk', next ?? '')
          }}
        />
        {install && <Paste label="Install" text={install} />}
        <Paste label={install ? 'Use' : 'Call'} text={text} />
        {language === 'curl' && (
          <Text size="sm" c="dimmed">
            Calls by curl are answered as those of SDKs are, but do not count as a first evaluation.
          </Text>
        )}
      </Stack>
    </Page>
  )
}

function languageFrom(text: string | null): Language {
  return SDKS.find(({ id }) => id === text)?.id ?? 'python'
}

function Paste({ label, text }: { label: string; text: string }) {
  return (
    <section aria-label={label}>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={500}>
          {label}
        </Text>
        <CopyButton text={text} what={`what to paste: ${label}`} />
      </Group>
      <Code block tabIndex={0}>
        {text}
      </Code>
    </section>
  )
}

/** Waits for the first evaluation, and turns green when it arrives. */
function Status() {
  const project = useProject()
  const environment = useEnvironment()
  const { data } = useQuery(firstEvaluationOf(project.id, environment.api_key))
  const at = data?.first_evaluated_at ?? null
  return (
    <div role="status" className={classes['status']} data-connected={at !== null}>
      <span className={classes['dot']} aria-hidden />
      {at === null ? (
        <span>Waiting for the first evaluation in {environment.name} …</span>
      ) : (
        <span>
          <strong>Connected.</strong> First evaluated <Moment at={at} />
          {data?.first_evaluated_sdk_label && ` by ${data.first_evaluated_sdk_label}`}.{' '}
          <Link
            to="/project/$projectId/environment/$environmentKey/features"
            params={{ projectId: String(project.id), environmentKey: environment.api_key }}
          >
            To the features
          </Link>
        </span>
      )}
    </div>
  )
}
