import { Pagination, Table, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconSearch } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { plural } from '@/lib/format'
import classes from './listing.module.css'

export interface ListColumn<Row> {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** What the column sorts by, when it does. */
  order?: (row: Row) => string | number
  align?: 'end'
  /** Not shown on a phone. */
  wide?: boolean
  width?: string
}

interface ListingProps<Row> {
  label: string
  rows: readonly Row[]
  columns: readonly ListColumn<Row>[]
  rowKey: (row: Row) => string | number
  /** The text of a row that the search looks at. */
  words: (row: Row) => string
  empty: ReactNode
}

const PAGE = 25
const WORTH_SEARCHING = 6

/** A list of settings: searched, sorted and paged where it stands. */
export function Listing<Row>({ label, rows, columns, rowKey, words, empty }: ListingProps<Row>) {
  const [text, setText] = useState('')
  const [sorting, setSorting] = useState<{ by: string; descending: boolean } | null>(null)
  const [page, setPage] = useState(1)
  if (rows.length === 0) return <div className={classes['empty']}>{empty}</div>
  const wanted = text.trim().toLowerCase()
  const fitting = rows.filter((row) => words(row).toLowerCase().includes(wanted))
  const order = columns.find(({ id }) => id === sorting?.by)?.order
  const sorted = order ? [...fitting].sort((one, other) => compared(order(one), order(other))) : fitting
  if (sorting?.descending) sorted.reverse()
  const pages = Math.max(1, Math.ceil(sorted.length / PAGE))
  const at = Math.min(page, pages)
  return (
    <div>
      {rows.length >= WORTH_SEARCHING && (
        <div className={classes['tools']}>
          <TextInput
            size="xs"
            type="search"
            w={240}
            aria-label={`Search ${label}`}
            placeholder="Search"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <span className={classes['count']} role="status">
            {wanted ? `${fitting.length} of ${rows.length}` : plural(rows.length, 'entry', 'entries')}
          </span>
        </div>
      )}
      <div className={classes['scroller']}>
        <Table
          className={classes['table'] ?? ''}
          verticalSpacing={7}
          horizontalSpacing={8}
          aria-label={label}
        >
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Head
                  key={column.id}
                  column={column}
                  descending={sorting?.by === column.id ? sorting.descending : null}
                  onSort={(descending) => setSorting({ by: column.id, descending })}
                />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sorted.slice((at - 1) * PAGE, at * PAGE).map((row) => (
              <Table.Tr key={rowKey(row)}>
                {columns.map(({ id, cell, align, wide }) => (
                  <Table.Td key={id} data-align={align} data-wide={wide}>
                    {cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {fitting.length === 0 && <p className={classes['empty']}>Nothing fits “{text}”.</p>}
      {pages > 1 && <Pagination size="sm" mt="sm" total={pages} value={at} onChange={setPage} />}
    </div>
  )
}

interface HeadProps<Row> {
  column: ListColumn<Row>
  /** Null while the list is sorted by something else. */
  descending: boolean | null
  onSort: (descending: boolean) => void
}

function Head<Row>({ column, descending, onSort }: HeadProps<Row>) {
  const Arrow = descending ? IconArrowDown : IconArrowUp
  const order = descending === null ? 'none' : descending ? 'descending' : 'ascending'
  return (
    <Table.Th
      data-align={column.align}
      data-wide={column.wide}
      aria-sort={column.order ? order : undefined}
      {...(column.width ? { w: column.width } : {})}
    >
      {column.order ? (
        <button type="button" className={classes['sorter']} onClick={() => onSort(descending === false)}>
          {column.header}
          {descending !== null && <Arrow size={13} aria-hidden />}
        </button>
      ) : (
        column.header || <span className={classes['unseen']}>Actions</span>
      )}
    </Table.Th>
  )
}

function compared(one: string | number, other: string | number): number {
  return typeof one === 'number' && typeof other === 'number'
    ? one - other
    : String(one).localeCompare(String(other))
}
