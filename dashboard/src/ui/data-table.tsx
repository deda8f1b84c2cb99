import { useElementSize, useMergedRef } from '@mantine/hooks'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useDeferredValue, useRef, useState, type CSSProperties, type ReactNode, type UIEvent } from 'react'
import classes from './data-table.module.css'

export interface Column<Row> {
  id: string
  header: ReactNode
  /** A track of the grid: '1fr', '96px', 'minmax(160px, 2fr)'. */
  width: string
  cell: (row: Row) => ReactNode
  /** Sorting by this column is offered; the order itself is the screen's affair. */
  sortable?: boolean
  align?: 'start' | 'end'
  /** What `cell` gives stands side by side, as far as there is room. */
  parts?: boolean
  /** Not shown on a phone. */
  wide?: boolean
  /** Stands before the header, outside of what sorts. */
  lead?: ReactNode
  /** Stays in sight when the table is scrolled sideways; only the first columns can. */
  pinned?: boolean
}

export interface Sorting {
  by: string
  descending: boolean
}

interface DataTableProps<Row> {
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string | number
  sorting?: Sorting
  onSort?: (sorting: Sorting) => void
  /** The table is scrolled sideways below this width. */
  minWidth?: number
  isSelected?: (row: Row) => boolean
}

const ROW = 40
const PHONE = 720
/** The first row that is drawn changes in steps, not with each pixel. */
const STEP = 4
/** So high is the table taken for until it is measured. */
const USUAL_HEIGHT = 800

function rowsInSight(height: number): number {
  return Math.ceil((height || USUAL_HEIGHT) / ROW)
}

/** In whole steps, and one step before what is in sight. */
function firstDrawn(scrolled: number): number {
  return Math.max(0, Math.floor(scrolled / ROW / STEP) * STEP - STEP)
}

/** A table that draws only what is in sight: thousands of rows stay smooth. */
export function DataTable<Row>({
  label,
  rows,
  columns,
  rowKey,
  sorting,
  onSort,
  minWidth = 0,
  isSelected,
}: DataTableProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null)
  const { ref: measured, width, height } = useElementSize<HTMLDivElement>()
  // Before it is measured, it is taken for as wide as the window: else a phone shows all columns for a moment.
  const shown = (width || window.innerWidth) < PHONE ? columns.filter((column) => !column.wide) : columns
  const grid: CSSProperties = { gridTemplateColumns: shown.map((column) => column.width).join(' ') }
  const [first, setFirst] = useState(0)
  const follow = ({ currentTarget }: UIEvent) => setFirst(firstDrawn(currentTarget.scrollTop))
  // What nobody sees yet is drawn after what is in sight.
  const around = useDeferredValue(2 * STEP, 0)
  const drawn = rowsInSight(height) + around
  const start = Math.min(first, Math.max(0, rows.length - drawn))
  return (
    <div
      ref={useMergedRef(scroller, measured)}
      className={classes['scroller']}
      onScroll={follow}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
    >
      <div role="rowgroup" className={classes['heads']} style={{ minWidth }}>
        <div role="row" className={classes['row']} style={grid} aria-rowindex={1}>
          {shown.map((column) => (
            <Head key={column.id} column={column} sorting={sorting} onSort={onSort} />
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes['rows']} style={{ minWidth, height: rows.length * ROW }}>
        {rows.slice(start, start + drawn).map((row, place) => {
          const index = start + place
          const style = { ...grid, top: index * ROW }
          return (
            <div
              key={rowKey(row)}
              role="row"
              aria-rowindex={index + 2}
              className={classes['item']}
              data-selected={isSelected?.(row)}
              style={style}
            >
              {shown.map((column) => (
                <div
                  key={column.id}
                  role="cell"
                  className={classes['cell']}
                  data-align={column.align}
                  data-pinned={column.pinned}
                  data-parts={column.parts}
                >
                  {column.cell(row)}
                </div>
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface HeadProps<Row> {
  column: Column<Row>
  sorting: Sorting | undefined
  onSort: ((sorting: Sorting) => void) | undefined
}

function Head<Row>({ column, sorting, onSort }: HeadProps<Row>) {
  const isActive = sorting?.by === column.id
  const order = !isActive ? 'none' : sorting.descending ? 'descending' : 'ascending'
  const Arrow = isActive && sorting.descending ? IconArrowDown : IconArrowUp
  return (
    <div
      role="columnheader"
      className={classes['head']}
      data-align={column.align}
      data-pinned={column.pinned}
      aria-sort={column.sortable ? order : undefined}
    >
      {column.lead}
      {column.sortable && onSort ? (
        <button
          type="button"
          className={classes['sorter']}
          onClick={() => onSort({ by: column.id, descending: isActive && !sorting.descending })}
        >
          {column.header}
          {isActive && <Arrow size={13} aria-hidden />}
        </button>
      ) : (
        column.header
      )}
    </div>
  )
}
