import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ownPasskeys, useDeletePasskey, type Passkey } from '@/data/own-sign-ins'
import { canUsePasskeys } from '@/lib/passkeys'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import { Block } from '../block'
import { Listing, type ListColumn } from '../listing'
import { RowMenu } from '../row-menu'
import { AddPasskey, RenamePasskey } from './passkey-forms'
import { useProof } from './proof'

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
  const [opened, open] = useState<Passkey | 'new' | null>(null)
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
    <Block
      title="Passkeys"
      about="Sign in with a fingerprint, a face or a security key. A passkey counts as a second factor."
      actions={
        canUsePasskeys() && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={() => open('new')}
          >
            Add a passkey
          </Button>
        )
      }
    >
      {dialog}
      <Listing
        label="passkeys"
        rows={passkeys}
        rowKey={({ id }) => id}
        words={({ name }) => name}
        empty={canUsePasskeys() ? 'None yet.' : 'None. Passkeys need an address that begins with https.'}
        columns={[
          ...FACTS,
          {
            id: 'actions',
            header: '',
            width: '48px',
            align: 'end',
            cell: (passkey) => (
              <RowMenu
                of={passkey.name}
                actions={[
                  { label: 'Rename…', onClick: () => open(passkey) },
                  { label: 'Delete…', onClick: () => drop(passkey), destructive: true },
                ]}
              />
            ),
          },
        ]}
      />
      {opened === 'new' && <AddPasskey onClose={() => open(null)} />}
      {opened && opened !== 'new' && <RenamePasskey passkey={opened} onClose={() => open(null)} />}
    </Block>
  )
}
