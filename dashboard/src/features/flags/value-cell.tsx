import { lazy, Suspense, useRef, useState } from 'react'
import type { FlagRow } from '@/data/matrix'
import type { Environment } from '@/data/places'
import { plain, typed } from '@/data/targeting'
import { ValueChip } from '@/ui/badge'
import { cellKey } from './edits'
import type { Cells } from './use-cells'
import classes from './cells.module.css'

const ValueForm = lazy(() => import('./value-form'))

interface ValueCellProps {
  row: FlagRow
  environment: Environment
  may: boolean
  cells: Pick<Cells, 'edits' | 'edit'>
}

/** A value that is edited where it stands; it waits in the draft until all are saved. */
export function ValueCell({ row, environment, may, cells }: ValueCellProps) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const cell = row.states[environment.id]
  if (!cell) return null
  const edit = cells.edits.get(cellKey(row.id, environment))
  const value = edit ? edit.value : typed(cell.value)
  const chip = <ValueChip value={plain(value)} />
  if (!may) return chip
  const isConflict = edit !== undefined && edit.base !== cell.change_number
  const name = `${row.name} in ${environment.name}`
  return (
    <span className={classes['place']}>
      <button
        ref={button}
        type="button"
        className={classes['value']}
        data-edited={edit !== undefined}
        data-conflict={isConflict}
        title={isConflict ? 'Somebody else changed this flag in the meantime' : undefined}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <span className={classes['hidden']}>Value of {name}: </span>
        {chip}
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <ValueForm
            label={name}
            value={value}
            before={typed(cell.value)}
            onChange={(next) => cells.edit(row, environment, next)}
            onClose={(isByKey) => {
              setOpen(false)
              if (isByKey) button.current?.focus()
            }}
          />
        </Suspense>
      )}
    </span>
  )
}
