import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { ListColumn } from './listing'

export interface RowAction {
  label: string
  onClick: () => void
  destructive?: boolean
}

/** What can be done with one row; `of` names the row for a screen reader. */
export function RowMenu({ of, actions }: { of: string; actions: readonly RowAction[] }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${of}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map(({ label, onClick, destructive }) => (
          <Menu.Item key={label} onClick={onClick} {...(destructive ? { c: 'var(--negative)' } : {})}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The last column of a list: what can be done with each row, and no menu where that is nothing. */
export function actionsColumn<Row>(
  of: (row: Row) => string,
  actionsFor: (row: Row) => readonly RowAction[],
): ListColumn<Row> {
  return {
    id: 'actions',
    header: '',
    width: '48px',
    align: 'end',
    cell: (row) => {
      const actions = actionsFor(row)
      return actions.length > 0 && <RowMenu of={of(row)} actions={actions} />
    },
  }
}
