import { useSuspenseQuery } from '@tanstack/react-query'
import { oidcOf, useDeleteOidc, type OidcProvider } from '@/data/sso'
import type { OrganisationId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import type { ListColumn } from '../listing'
import { ManagedList } from '../managed-list'
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
    <ManagedList
      title="OpenID Connect"
      about="Any provider that publishes /.well-known/openid-configuration."
      label="OpenID providers"
      rows={all}
      columns={FACTS}
      of={({ name }) => name}
      words={({ name, issuer }) => `${name} ${issuer}`}
      empty="None yet."
      add="New OpenID provider"
      edit="Edit"
      remove="Delete…"
      onRemove={drop}
      dialog={({ row, open, close }) => (
        <OidcForm
          key={row?.id ?? 'new'}
          organisation={organisation}
          provider={row}
          onMade={open}
          onClose={close}
        />
      )}
    />
  )
}
