import { IconChartPie, IconUser, IconUsersGroup } from '@tabler/icons-react'
import { memo } from 'react'
import type { Cell, FlagRow } from '@/data/matrix'
import type { Environment } from '@/data/places'
import { plural } from '@/lib/format'
import { HUES } from '@/ui/hues'
import type { Edit } from './edits'
import { ToggleFlag } from './toggle-flag'
import type { Cells } from './use-cells'
import { ValueCell } from './value-cell'
import classes from './cells.module.css'

interface FlagCellProps {
  row: FlagRow
  environment: Environment
  may: boolean
  edit: Edit | undefined
  onEdit: Cells['edit']
  save: Cells['save']
}

/** A flag in one environment of the matrix: state, value, shares, overrides. */
export const FlagCell = memo(function FlagCell(props: FlagCellProps) {
  const { row, environment, may, edit, onEdit, save } = props
  const cell = row.states[environment.id]
  if (!cell) return null
  return (
    <>
      <ToggleFlag {...{ row, environment, may, save }} />
      <ValueCell {...{ row, environment, may, edit, onEdit }} />
      <Weights row={row} cell={cell} />
      <Overrides cell={cell} />
    </>
  )
})

const SHARES = Object.values(HUES)

/** How a flag with variants is split, as a bar. */
export function Weights({ row, cell }: { row: FlagRow; cell: Cell }) {
  if (row.variants.length === 0) return null
  const shares = row.variants.map((variant) => ({
    name: variant.key ?? String(variant.value),
    weight: cell.variants.find(({ id }) => id === variant.id)?.weight ?? 0,
  }))
  const label = shares.map(({ name, weight }) => `${weight} % ${name}`).join(', ')
  return (
    <span role="img" className={classes['weights']} aria-label={label} title={label}>
      {shares.map(({ name, weight }, place) => (
        <span key={name} style={{ width: `${weight}%`, background: SHARES[place % SHARES.length] }} />
      ))}
    </span>
  )
}

/** Who has the flag otherwise than everybody. */
export function Overrides({ cell }: { cell: Cell }) {
  const { rollout, identity_overrides: identities } = cell
  const segments = cell.segment_overrides - (rollout ? 1 : 0)
  if (!rollout && cell.segment_overrides === 0 && identities === 0) return null
  const title = [
    rollout && `${rollout.enabled ? 'On' : 'Off'} for ${rollout.percentage} %`,
    segments > 0 && plural(segments, 'segment override'),
    identities > 0 && plural(identities, 'identity override'),
  ]
    .filter(Boolean)
    .join(', ')
  return (
    <span className={classes['more']} title={title} role="img" aria-label={title}>
      {rollout && (
        <span>
          <IconChartPie size={13} aria-hidden />
          {rollout.percentage} %
        </span>
      )}
      {segments > 0 && (
        <span>
          <IconUsersGroup size={13} aria-hidden />
          {segments}
        </span>
      )}
      {identities > 0 && (
        <span>
          <IconUser size={13} aria-hidden />
          {identities}
        </span>
      )}
    </span>
  )
}
