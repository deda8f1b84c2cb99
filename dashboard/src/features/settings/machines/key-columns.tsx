import { confirm } from '@/ui/confirm'
import { Moment } from '@/widgets/moment'
import type { ListColumn } from '../listing'
import { actionsColumn } from '../row-menu'

/** When a key was made, and when it ends. */
export function lifeColumns<Key>(
  madeAt: (key: Key) => string,
  endsAt: (key: Key) => string | null,
): ListColumn<Key>[] {
  return [
    {
      id: 'made',
      header: 'Created',
      width: '120px',
      wide: true,
      order: madeAt,
      cell: (key) => <Moment at={madeAt(key)} />,
    },
    {
      id: 'ends',
      header: 'Ends',
      width: '120px',
      wide: true,
      order: (key) => endsAt(key) ?? '~',
      cell: (key) => <Ends at={endsAt(key)} />,
    },
  ]
}

function Ends({ at }: { at: string | null }) {
  return at === null ? 'never' : <Moment at={at} />
}

/** What can be done to a key; deleting asks first, with what stops working. */
export function deleteColumn<Key extends { name: string }>(
  stops: string,
  onDelete: (key: Key) => void,
): ListColumn<Key> {
  const ask = (key: Key) =>
    confirm({
      title: `Delete ${key.name}?`,
      children: stops,
      action: 'Delete the key',
      destructive: true,
      onConfirm: () => onDelete(key),
    })
  return actionsColumn(
    ({ name }) => name,
    (key) => [{ label: 'Delete…', onClick: () => ask(key), destructive: true }],
  )
}
