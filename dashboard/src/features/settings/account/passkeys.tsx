import { useSuspenseQuery } from '@tanstack/react-query'
import { ownPasskeys, useDeletePasskey, type Passkey } from '@/data/own-sign-ins'
import { canUsePasskeys } from '@/lib/passkeys'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import { useProof } from '@/widgets/proof'
import type { ListColumn } from '../listing'
import { ManagedList } from '../managed-list'
import { AddPasskey, RenamePasskey } from './passkey-forms'

const FACTS: readonly ListColumn<Passkey>[] = [
  {
    id: 'name',
    header: 'Name',
    order: ({ name }) => name,
    cell: ({ name, is_synced }) => (
      <>
        <strong>{name}</strong> {is_synced && <Badge title="On all devices of that account">synced</Badge>}
      </>
    ),
  },
  {
    id: 'made',
    header: 'Added',
    wide: true,
    order: ({ created_at }) => created_at,
    cell: ({ created_at }) => <Moment at={created_at} />,
  },
  {
    id: 'used',
    header: 'Last used',
    order: ({ last_used_at }) => last_used_at ?? '',
    cell: ({ last_used_at }) => (last_used_at ? <Moment at={last_used_at} /> : 'never'),
  },
]

/** Keys of devices that open the account without a password. */
export function Passkeys() {
  const { data: passkeys } = useSuspenseQuery(ownPasskeys)
  const remove = useDeletePasskey()
  const { attempt, dialog } = useProof()
  const drop = ({ id, name }: Passkey) =>
    confirm({
      title: `Delete the passkey ${name}?`,
      children: 'It no longer opens your account. Remove it from the device, too, so that it is not offered.',
      action: 'Delete the passkey',
      destructive: true,
      onConfirm: () =>
        void attempt(async (proof) => {
          await remove.mutateAsync({ id, proof })
          notifyDone({ message: `${name} was deleted` })
        }),
    })
  return (
    <>
      {dialog}
      <ManagedList
        title="Passkeys"
        about="Sign in with a fingerprint, a face or a security key. A passkey counts as a second factor."
        label="passkeys"
        rows={passkeys}
        columns={FACTS}
        of={({ name }) => name}
        words={({ name }) => name}
        empty={canUsePasskeys() ? 'None yet.' : 'None. Passkeys need an address that begins with https.'}
        add={canUsePasskeys() ? 'Add a passkey' : null}
        edit="Rename…"
        remove="Delete…"
        onRemove={drop}
        dialog={({ row, close }) =>
          row ? <RenamePasskey passkey={row} onClose={close} /> : <AddPasskey onClose={close} />
        }
      />
    </>
  )
}
