import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { samlOf, useDeleteSaml, type Saml } from '@/data/sso'
import type { OrganisationId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import { Block } from '../block'
import { Listing, type ListColumn } from '../listing'
import { RowMenu } from '../row-menu'
import { lastDay } from './certificates'
import { SamlDialog } from './saml-dialog'

const FACTS: readonly ListColumn<Saml>[] = [
  {
    id: 'name',
    header: 'Name',
    order: ({ name }) => name,
    cell: ({ name }) => <strong>{name}</strong>,
  },
  {
    id: 'provider',
    header: 'Identity provider',
    order: ({ idp_entity_id }) => idp_entity_id ?? '',
    cell: (row) => <Provider saml={row} />,
  },
  {
    id: 'certificate',
    header: 'Our certificate',
    wide: true,
    order: ({ certificates }) => lastDay(certificates) ?? '',
    cell: ({ certificates }) => {
      const until = lastDay(certificates)
      return (
        until && (
          <>
            ends <Moment at={until} />
          </>
        )
      )
    },
  },
]

export function SamlConfigurations({ organisation }: { organisation: OrganisationId }) {
  const { data: all } = useSuspenseQuery(samlOf(organisation))
  const [opened, open] = useState<number | 'new' | null>(null)
  const remove = useDeleteSaml(organisation)
  const drop = ({ name }: Saml) =>
    confirm({
      title: `Delete ${name}?`,
      children: 'Nobody signs in by it any more. Accounts stay, and who is signed in stays so.',
      action: 'Delete the configuration',
      typed: name,
      destructive: true,
      onConfirm: () =>
        remove.mutate(name, { onSuccess: () => notifyDone({ message: `${name} was deleted` }) }),
    })
  return (
    <Block
      title="SAML"
      about="Okta, Entra ID, Google Workspace, Keycloak and others. People type the name of the configuration when they sign in."
      actions={
        <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => open('new')}>
          New SAML configuration
        </Button>
      }
    >
      <Listing
        label="SAML configurations"
        rows={all}
        rowKey={({ id }) => id}
        words={({ name, idp_entity_id }) => `${name} ${idp_entity_id ?? ''}`}
        empty="None yet."
        columns={[
          ...FACTS,
          {
            id: 'actions',
            header: '',
            width: '48px',
            align: 'end',
            cell: (row) => (
              <RowMenu
                of={row.name}
                actions={[
                  { label: 'Edit', onClick: () => open(row.id) },
                  { label: 'Delete…', onClick: () => drop(row), destructive: true },
                ]}
              />
            ),
          },
        ]}
      />
      {opened !== null && (
        <SamlDialog
          organisation={organisation}
          saml={all.find(({ id }) => id === opened) ?? null}
          onMade={({ id }) => open(id)}
          onClose={() => open(null)}
        />
      )}
    </Block>
  )
}

function Provider({ saml: { idp_entity_id, metadata_problem } }: { saml: Saml }) {
  if (metadata_problem)
    return (
      <Badge tone="negative" title={metadata_problem}>
        metadata cannot be read
      </Badge>
    )
  if (idp_entity_id === null) return <Badge tone="warning">no metadata yet</Badge>
  return <code>{idp_entity_id}</code>
}
