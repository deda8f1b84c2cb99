import { Button, Checkbox, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { apiKeysOf, useCreateApiKey, useDeleteApiKey, type ApiKey } from '@/data/api-keys'
import { showErrors } from '@/lib/form-errors'
import type { OrganisationId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { EndsField } from '../ends-field'
import { Listing } from '../listing'
import { momentFrom } from '../moments'
import { SecretOnce } from '../secret-once'
import { deleteColumn, lifeColumns } from './key-columns'

interface ApiKeysProps {
  organisation: OrganisationId
  name: string | undefined
}

export function ApiKeys({ organisation, name }: ApiKeysProps) {
  const [isMaking, dialog] = useDisclosure(false)
  const [secret, setSecret] = useState<string | null>(null)
  return (
    <Page
      title="API keys"
      of={name}
      about="For scripts, Terraform and other machines that use the management API."
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
          New API key
        </Button>
      }
    >
      <Screen what="the API keys">
        <KeyList organisation={organisation} />
      </Screen>
      {isMaking && (
        <NewKey
          organisation={organisation}
          onClose={dialog.close}
          onMade={(key) => {
            dialog.close()
            setSecret(key)
          }}
        />
      )}
      <SecretOnce title="Your new API key" secret={secret} onClose={() => setSecret(null)} />
    </Page>
  )
}

function KeyList({ organisation }: { organisation: OrganisationId }) {
  const { data: all } = useSuspenseQuery(apiKeysOf(organisation))
  const remove = useDeleteApiKey(organisation)
  const drop = ({ id, name }: ApiKey) =>
    remove.mutate(id, { onSuccess: () => notifyDone({ message: `${name} was deleted` }) })
  return (
    <Listing
      label="API keys"
      rows={all}
      rowKey={({ id }) => id}
      words={({ name, id }) => `${name} ${id}`}
      empty="No API keys yet."
      columns={[
        {
          id: 'name',
          header: 'Name',
          order: ({ name }) => name,
          cell: ({ name }) => <strong>{name}</strong>,
        },
        { id: 'key', header: 'Key', width: '150px', cell: ({ id }) => <code>{id}.…</code> },
        { id: 'rights', header: 'May do', width: '190px', cell: (key) => <Standing apiKey={key} /> },
        ...lifeColumns<ApiKey>(
          ({ created }) => created,
          ({ expiry_date }) => expiry_date,
        ),
        deleteColumn('Whatever uses this key is refused from now on.', drop),
      ]}
    />
  )
}

function Standing({ apiKey: { is_admin, revoked, has_expired } }: { apiKey: ApiKey }) {
  if (revoked) return <Badge tone="negative">revoked</Badge>
  if (has_expired) return <Badge tone="warning">expired</Badge>
  return is_admin ? <Badge tone="accent">everything</Badge> : <Badge>what its roles grant</Badge>
}

interface NewKeyProps {
  organisation: OrganisationId
  onClose: () => void
  onMade: (key: string | null) => void
}

function NewKey({ organisation, onClose, onMade }: NewKeyProps) {
  const create = useCreateApiKey(organisation)
  const [ends, setEnds] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { name: '', is_admin: false },
    validate: { name: (text) => (text.trim() ? null : 'Name the key after what uses it.') },
  })
  const submit = form.onSubmit(({ name, is_admin }) =>
    create.mutate(
      { name: name.trim(), is_admin, expiry_date: momentFrom(ends) },
      {
        onSuccess: ({ key }) => onMade(key),
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <Modal opened onClose={onClose} title="New API key">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label="Name"
            placeholder="Terraform"
            {...form.getInputProps('name')}
            error={form.errors['name'] ?? problem}
          />
          <Checkbox
            label="May do everything in the organisation"
            description="Without this it may do nothing until you give it roles."
            {...form.getInputProps('is_admin', { type: 'checkbox' })}
          />
          <EndsField value={ends} onChange={setEnds} />
          <Button type="submit" ml="auto" loading={create.isPending}>
            Create the key
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
