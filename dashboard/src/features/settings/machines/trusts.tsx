import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { trustsOf, useEndTrust, type Trust } from '@/data/api-keys'
import type { OrganisationId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { Listing } from '../listing'
import { actionsColumn } from '../row-menu'
import { TrustForm } from './trust-form'

interface TrustsProps {
  organisation: OrganisationId
  name: string | undefined
}

export function Trusts({ organisation, name }: TrustsProps) {
  const [edited, edit] = useState<Trust | 'new' | null>(null)
  return (
    <Page
      title="Trust relationships"
      of={name}
      about="Jobs in GitHub Actions and other platforms sign in with the token that they already have; no key is stored there."
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => edit('new')}>
          New trust relationship
        </Button>
      }
    >
      <Screen what="the trust relationships">
        <TrustList organisation={organisation} onEdit={edit} />
      </Screen>
      {edited && (
        <TrustForm
          organisation={organisation}
          trust={edited === 'new' ? null : edited}
          onClose={() => edit(null)}
        />
      )}
    </Page>
  )
}

function TrustList({
  organisation,
  onEdit,
}: {
  organisation: OrganisationId
  onEdit: (trust: Trust) => void
}) {
  const { data: trusts } = useSuspenseQuery(trustsOf(organisation))
  const end = useEndTrust(organisation)
  const drop = (trust: Trust) =>
    confirm({
      title: `Delete ${trust.name}?`,
      children: 'Its tokens end at once, and no new ones are given.',
      action: 'Delete the trust relationship',
      destructive: true,
      onConfirm: () => end.mutate(trust.id),
    })
  return (
    <Listing
      label="trust relationships"
      rows={trusts}
      rowKey={({ id }) => id}
      words={({ name, issuer, audience }) => `${name} ${issuer} ${audience}`}
      empty="None yet."
      columns={[
        {
          id: 'name',
          header: 'Name',
          order: ({ name }) => name,
          cell: ({ name }) => <strong>{name}</strong>,
        },
        { id: 'issuer', header: 'Issuer', wide: true, cell: ({ issuer }) => <code>{issuer}</code> },
        {
          id: 'rules',
          header: 'Claims',
          cell: ({ claim_rules }) =>
            claim_rules.length === 0
              ? 'any token for the audience'
              : claim_rules.map(({ claim, values }) => `${claim} is ${values.join(' or ')}`).join('; '),
        },
        {
          id: 'rights',
          header: 'May do',
          width: '180px',
          cell: ({ is_admin }) =>
            is_admin ? <Badge tone="accent">everything</Badge> : <Badge>what its roles grant</Badge>,
        },
        actionsColumn(
          (trust: Trust) => trust.name,
          (trust) => [
            { label: 'Edit', onClick: () => onEdit(trust) },
            { label: 'Delete…', onClick: () => drop(trust), destructive: true },
          ],
        ),
      ]}
    />
  )
}
