import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { Block } from './block'
import { Listing, type ListColumn } from './listing'
import { actionsColumn } from './row-menu'

export interface Opened<Row> {
  /** Null for one that is being made. */
  row: Row | null
  open: (row: Row) => void
  close: () => void
}

interface ManagedListProps<Row> {
  title: string
  about: ReactNode
  label: string
  rows: readonly Row[]
  columns: readonly ListColumn<Row>[]
  /** What a row is called. */
  of: (row: Row) => string
  words: (row: Row) => string
  empty: ReactNode
  /** The button for a new one; null where none can be made. */
  add: string | null
  edit: string
  remove: string
  onRemove: (row: Row) => void
  dialog: (opened: Opened<Row>) => ReactNode
}

/** A list in a block, and one dialog in which a row is made or changed. */
export function ManagedList<Row extends { id: number }>({
  title,
  about,
  add,
  edit,
  remove,
  onRemove,
  dialog,
  rows,
  columns,
  of,
  ...listing
}: ManagedListProps<Row>) {
  const [opened, setOpened] = useState<number | 'new' | null>(null)
  const open = ({ id }: Row) => setOpened(id)
  return (
    <Block
      title={title}
      about={about}
      actions={
        add && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={() => setOpened('new')}
          >
            {add}
          </Button>
        )
      }
    >
      <Listing
        {...listing}
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          ...columns,
          actionsColumn(of, (row) => [
            { label: edit, onClick: () => open(row) },
            { label: remove, onClick: () => onRemove(row), destructive: true },
          ]),
        ]}
      />
      {opened !== null &&
        dialog({ row: rows.find(({ id }) => id === opened) ?? null, open, close: () => setOpened(null) })}
    </Block>
  )
}
