import { useSuspenseQuery } from '@tanstack/react-query'
import { samlOf, useDeleteSaml, type Saml } from '@/data/sso'
import type { OrganisationId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import type { ListColumn } from '../listing'
import { ManagedList } from '../managed-list'
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
    <ManagedList
      title="SAML"
      about="Okta, Entra ID, Google Workspace, Keycloak and others. People type the name of the configuration when they sign in."
      label="SAML configurations"
      rows={all}
      columns={FACTS}
      of={({ name }) => name}
      words={({ name, idp_entity_id }) => `${name} ${idp_entity_id ?? ''}`}
      empty="None yet."
      add="New SAML configuration"
      edit="Edit"
      remove="Delete…"
      onRemove={drop}
      dialog={({ row, open, close }) => (
        <SamlDialog organisation={organisation} saml={row} onMade={open} onClose={close} />
      )}
    />
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
