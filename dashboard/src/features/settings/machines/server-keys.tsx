import { Button, Code, Group, Select, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { serverKeysOf, useChangeServerKey, useDeleteServerKey, type ServerKey } from '@/data/api-keys'
import { sdkUrl } from '@/lib/facts'
import { Badge } from '@/ui/badge'
import { CopyButton } from '@/ui/copy-button'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { Block } from '../block'
import { Listing, type ListColumn } from '../listing'
import { deleteColumn, lifeColumns } from './key-columns'
import { NewServerKey } from './new-server-key'
import { SERVER_SNIPPETS, serverSnippet } from './server-snippets'

/** The keys of an environment: the public one for clients, and those of servers. */
export function ServerKeys() {
  const environment = useEnvironment()
  const [isMaking, dialog] = useDisclosure(false)
  return (
    <Page
      title="SDK keys"
      of={environment.name}
      about="Clients identify the environment with its public key. Servers that evaluate by themselves need a secret one."
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
          New server-side key
        </Button>
      }
    >
      <Block
        title="Client key"
        about="In browsers and apps. Whoever has it can read the features, nothing else."
      >
        <Group gap={4}>
          <Code>{environment.api_key}</Code>
          <CopyButton text={environment.api_key} what="the client key" />
        </Group>
      </Block>
      <Screen what="the server-side keys">
        <KeyList />
      </Screen>
      {isMaking && <NewServerKey onClose={dialog.close} />}
    </Page>
  )
}

function KeyList() {
  const project = useProject()
  const environment = useEnvironment()
  const { data: all } = useSuspenseQuery(serverKeysOf(project.id, environment.api_key))
  const change = useChangeServerKey(project.id, environment.api_key)
  const remove = useDeleteServerKey(project.id, environment.api_key)
  const drop = ({ id, name }: ServerKey) =>
    remove.mutate(id, { onSuccess: () => notifyDone({ message: `${name} was deleted` }) })
  return (
    <>
      <Block title="Server-side keys" about="Secret: they read everything, also what only servers may see.">
        <Listing
          label="server-side keys"
          rows={all}
          rowKey={({ id }) => id}
          words={({ name }) => name}
          empty="No server-side keys yet. Local evaluation needs one."
          columns={columnsFor({
            onFlip: (id, active) => change.mutate({ id, active }),
            drop: deleteColumn(`Servers that use this key get nothing more from ${environment.name}.`, drop),
          })}
        />
      </Block>
      <Snippet keys={all} />
    </>
  )
}

interface Acts {
  onFlip: (key: number, active: boolean) => void
  drop: ListColumn<ServerKey>
}

function columnsFor({ onFlip, drop }: Acts): ListColumn<ServerKey>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      order: ({ name }) => name,
      cell: ({ name, expires_at }) => (
        <span>
          <strong>{name}</strong>{' '}
          {expires_at && new Date(expires_at) < new Date() && <Badge tone="warning">expired</Badge>}
        </span>
      ),
    },
    {
      id: 'key',
      header: 'Key',
      cell: ({ key }) => (
        <Group gap={4} wrap="nowrap">
          <code>{key.slice(0, 8)}…</code>
          <CopyButton text={key} what="the key" />
        </Group>
      ),
    },
    ...lifeColumns<ServerKey>(
      ({ created_at }) => created_at,
      ({ expires_at }) => expires_at,
    ),
    {
      id: 'active',
      header: 'Active',
      width: '80px',
      cell: ({ id, name, active }) => (
        <Switch
          aria-label={`${name} is active`}
          checked={active}
          onChange={(event) => onFlip(id, event.currentTarget.checked)}
        />
      ),
    },
    drop,
  ]
}

function Snippet({ keys }: { keys: readonly ServerKey[] }) {
  const [language, setLanguage] = useState<string>('python')
  const [chosen, choose] = useState<string | null>(null)
  const usable = keys.filter(({ active }) => active)
  const key = usable.find(({ id }) => String(id) === chosen) ?? usable[0]
  if (!key) return null
  const text = serverSnippet(language, sdkUrl, key.key)
  return (
    <Block
      title="In your server"
      about="The SDK fetches the rules once and decides by itself."
      actions={
        <>
          <Select
            size="xs"
            aria-label="Key in the snippet"
            allowDeselect={false}
            data={usable.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={String(key.id)}
            onChange={choose}
          />
          <Select
            size="xs"
            w={120}
            aria-label="Language"
            allowDeselect={false}
            data={SERVER_SNIPPETS.map(({ id, label }) => ({ value: id, label }))}
            value={language}
            onChange={(next) => setLanguage(next ?? 'python')}
          />
          <CopyButton text={text} what="the snippet" />
        </>
      }
    >
      <Code block>{text}</Code>
    </Block>
  )
}
