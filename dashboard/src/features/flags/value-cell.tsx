import { memo, Suspense, useRef, useState } from 'react'
import type { FlagRow } from '@/data/matrix'
import type { Environment } from '@/data/places'
import { plain, typed } from '@/data/targeting'
import { codeOf, ValueChip } from '@/ui/badge'
import { part } from '@/ui/part'
import type { Edit } from './edits'
import type { Cells } from './use-cells'
import classes from './cells.module.css'

const ValueForm = part(() => import('./value-form'))

interface ValueCellProps {
  row: FlagRow
  environment: Environment
  may: boolean
  /** What is typed and not yet saved. */
  edit: Edit | undefined
  onEdit: Cells['edit']
}

/** A value that is edited where it stands; it waits in the draft until all are saved. */
export const ValueCell = memo(function ValueCell({ row, environment, may, edit, onEdit }: ValueCellProps) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const cell = row.states[environment.id]
  if (!cell) return null
  const value = edit ? edit.value : typed(cell.value)
  if (!may) return <ValueChip value={plain(value)} />
  const { kind, code, title } = codeOf(plain(value))
  const isConflict = edit !== undefined && edit.base !== cell.change_number
  const name = `${row.name} in ${environment.name}`
  return (
    <>
      <button
        ref={button}
        type="button"
        className={classes['value']}
        data-kind={kind}
        data-edited={edit !== undefined}
        data-conflict={isConflict}
        title={isConflict ? 'Somebody else changed this flag in the meantime' : title}
        aria-label={`Value of ${name}: ${code}`}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {code}
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <ValueForm
            label={name}
            value={value}
            before={typed(cell.value)}
            onChange={(next) => onEdit(row, environment, next)}
            onClose={(isByKey) => {
              setOpen(false)
              if (isByKey) button.current?.focus()
            }}
          />
        </Suspense>
      )}
    </>
  )
})
