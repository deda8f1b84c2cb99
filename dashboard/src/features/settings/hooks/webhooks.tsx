import { Button, Switch } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { messageOf } from '@/lib/errors'
import type { Place } from '@/data/permissions'
import {
  useDeleteWebhook,
  useResumeWebhook,
  useSaveWebhook,
  useTryWebhook,
  webhooksOf,
  type Webhook,
} from '@/data/webhooks'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone, notifyFailed } from '@/ui/notify'
import { Page } from '@/ui/page'
import { Moment } from '@/widgets/moment'
import { Screen } from '@/widgets/screen'
import { Listing, type ListColumn } from '../listing'
import { actionsColumn, type RowAction } from '../row-menu'
import { Deliveries } from './deliveries'
import { WebhookForm } from './webhook-form'

interface WebhooksProps {
  place: Place
  name: string | undefined
  about: string
  /** Whose deliveries are open: ?hook=… */
  shown: number | undefined
  onShow: (hook: number | undefined) => void
}

export function Webhooks({ place, name, about, shown, onShow }: WebhooksProps) {
  const [edited, edit] = useState<Webhook | 'new' | null>(null)
  if (shown !== undefined)
    return <Deliveries place={place} hook={shown} of={name} onLeave={() => onShow(undefined)} />
  return (
    <Page
      title="Webhooks"
      of={name}
      about={about}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => edit('new')}>
          New webhook
        </Button>
      }
    >
      <Screen what="the webhooks">
        <HookList place={place} onEdit={edit} onShow={onShow} />
      </Screen>
      {edited && (
        <WebhookForm place={place} hook={edited === 'new' ? null : edited} onClose={() => edit(null)} />
      )}
    </Page>
  )
}

interface HookListProps {
  place: Place
  onEdit: (hook: Webhook) => void
  onShow: (hook: number) => void
}

function HookList({ place, onEdit, onShow }: HookListProps) {
  const { data: hooks } = useSuspenseQuery(webhooksOf(place))
  const save = useSaveWebhook(place)
  const remove = useDeleteWebhook(place)
  const resume = useResumeWebhook(place)
  const attempt = useTryWebhook(place)
  const drop = (hook: Webhook) =>
    confirm({
      title: 'Delete this webhook?',
      children: `Nothing more is sent to ${hook.url}, and its deliveries are forgotten.`,
      action: 'Delete the webhook',
      destructive: true,
      onConfirm: () => remove.mutate(hook.id),
    })
  const tryOut = ({ url, secret }: Webhook) =>
    attempt.mutate(
      { url, secret },
      {
        onSuccess: ({ status }) => notifyDone({ message: `It answered ${status}` }),
        onError: (error) => notifyFailed(messageOf(error)),
      },
    )
  const flip = (id: number, enabled: boolean) =>
    save.mutate({ id, enabled }, { onError: (error) => notifyFailed(messageOf(error)) })
  const actionsFor = (hook: Webhook) => [
    { label: 'Deliveries', onClick: () => onShow(hook.id) },
    { label: 'Send a sample', onClick: () => tryOut(hook) },
    ...(hook.paused_at ? [{ label: 'Go on sending', onClick: () => resume.mutate(hook.id) }] : []),
    { label: 'Edit', onClick: () => onEdit(hook) },
    { label: 'Delete…', onClick: () => drop(hook), destructive: true },
  ]
  return (
    <Listing
      label="webhooks"
      rows={hooks}
      rowKey={({ id }) => id}
      words={({ url }) => url}
      empty="No webhooks yet. One tells another system about each change, as it happens."
      columns={columnsFor({ onShow, onFlip: flip, actionsFor })}
    />
  )
}

interface Acts {
  onShow: (hook: number) => void
  onFlip: (hook: number, enabled: boolean) => void
  actionsFor: (hook: Webhook) => RowAction[]
}

function columnsFor({ onShow, onFlip, actionsFor }: Acts): ListColumn<Webhook>[] {
  return [
    {
      id: 'url',
      header: 'Address',
      order: ({ url }) => url,
      cell: ({ id, url, paused_at }) => (
        <span>
          <Button
            variant="transparent"
            size="compact-sm"
            px={0}
            aria-label={`Deliveries to ${url}`}
            onClick={() => onShow(id)}
          >
            <code>{url}</code>
          </Button>{' '}
          {paused_at && <Badge tone="warning">paused: too many deliveries failed</Badge>}
        </span>
      ),
    },
    {
      id: 'signed',
      header: 'Signed',
      width: '80px',
      wide: true,
      cell: ({ secret }) => (secret ? 'yes' : 'no'),
    },
    {
      id: 'made',
      header: 'Created',
      width: '120px',
      wide: true,
      order: ({ created_at }) => created_at,
      cell: ({ created_at }) => <Moment at={created_at} />,
    },
    {
      id: 'enabled',
      header: 'Active',
      width: '80px',
      cell: ({ id, url, enabled }) => (
        <Switch
          aria-label={`${url} is active`}
          checked={enabled}
          onChange={(event) => onFlip(id, event.currentTarget.checked)}
        />
      ),
    },
    actionsColumn(({ url }) => url, actionsFor),
  ]
}
