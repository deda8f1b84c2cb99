import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { oidcOf, useDeleteOidc, type OidcProvider } from '@/data/sso'
import type { OrganisationId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Block } from '../block'
import { Listing, type ListColumn } from '../listing'
import { RowMenu } from '../row-menu'
import { OidcForm } from './oidc-form'

const FACTS: readonly ListColumn<OidcProvider>[] = [
  {
    id: 'name',
    header: 'Name',
    order: ({ name }) => name,
    cell: ({ name }) => <strong>{name}</strong>,
  },
  {
    id: 'issuer',
    header: 'Issuer',
    order: ({ issuer }) => issuer,
    cell: ({ issuer }) => <code>{issuer}</code>,
  },
  {
    id: 'joins',
    header: 'Somebody new',
    wide: true,
    cell: ({ joins, role }) =>
      joins ? <Badge>joins as {role === 'ADMIN' ? 'administrator' : 'member'}</Badge> : 'stays outside',
  },
]

export function OidcProviders({ organisation }: { organisation: OrganisationId }) {
  const { data: all } = useSuspenseQuery(oidcOf(organisation))
  const [opened, open] = useState<number | 'new' | null>(null)
  const remove = useDeleteOidc(organisation)
  const drop = ({ id, name }: OidcProvider) =>
    confirm({
      title: `Delete ${name}?`,
      children: 'Nobody signs in by it any more. Accounts stay, and who is signed in stays so.',
      action: 'Delete the provider',
      typed: name,
      destructive: true,
      onConfirm: () => remove.mutate(id, { onSuccess: () => notifyDone({ message: `${name} was deleted` }) }),
    })
  return (
    <Block
      title="OpenID Connect"
      about="Any provider that publishes /.well-known/openid-configuration."
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => open('new')}
        >
          New OpenID provider
        </Button>
      }
    >
      <Listing
        label="OpenID providers"
        rows={all}
        rowKey={({ id }) => id}
        words={({ name, issuer }) => `${name} ${issuer}`}
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
        <OidcForm
          key={opened}
          organisation={organisation}
          provider={all.find(({ id }) => id === opened) ?? null}
          onMade={({ id }) => open(id)}
          onClose={() => open(null)}
        />
      )}
    </Block>
  )
}
