import type { CellChange, FlagRow } from '@/data/matrix'
import type { Environment } from '@/data/places'
import { typed, type TypedValue } from '@/data/targeting'
import type { EnvironmentId, FeatureId } from '@/lib/ids'

/** A value that is typed and not yet saved. */
export interface Edit {
  feature: FeatureId
  environment: Environment
  value: TypedValue | null
  /** The change number of what it was typed over. */
  base: number
}

export type Edits = ReadonlyMap<string, Edit>

export const NO_EDITS: Edits = new Map()

export function cellKey(feature: FeatureId, environment: { id: EnvironmentId }): string {
  return `${feature}:${environment.id}`
}

/** The draft with one value more; a value that is what it was before is no edit. */
export function withValue(
  edits: Edits,
  row: FlagRow,
  environment: Environment,
  value: TypedValue | null,
): Edits {
  const key = cellKey(row.id, environment)
  const next = new Map(edits)
  const cell = row.states[environment.id]
  if (cell === undefined || isSame(typed(cell.value), value)) next.delete(key)
  else
    next.set(key, {
      feature: row.id,
      environment,
      value,
      base: edits.get(key)?.base ?? cell.change_number,
    })
  return next
}

export function isSame(one: TypedValue | null, other: TypedValue | null): boolean {
  return one?.type === other?.type && one?.value === other?.value
}

/** One edit beside what is saved now. */
export interface Pending {
  edit: Edit
  row: FlagRow
  before: TypedValue | null
  /** Somebody changed the flag since the edit was begun. */
  isConflict: boolean
}

export function pendingOf(edits: Edits, rows: readonly FlagRow[]): Pending[] {
  return [...edits.values()].flatMap((edit) => {
    const row = rows.find(({ id }) => id === edit.feature)
    const cell = row?.states[edit.environment.id]
    if (!row || !cell) return []
    return [{ edit, row, before: typed(cell.value), isConflict: cell.change_number !== edit.base }]
  })
}

/** What to save: over what the person has seen, which is what is shown now. */
export function changesOf(pending: readonly Pending[]): CellChange[] {
  return pending.map(({ edit, row }) => {
    const expected = row.states[edit.environment.id]?.change_number
    return {
      feature: edit.feature,
      environment: edit.environment,
      value: edit.value,
      ...(expected !== undefined && { expected }),
    }
  })
}

/** What takes changes back, from the rows as they are before. */
export function inverseOf(changes: readonly CellChange[], rows: readonly FlagRow[]): CellChange[] {
  return changes.flatMap(({ feature, environment, enabled, value }) => {
    const cell = rows.find(({ id }) => id === feature)?.states[environment.id]
    if (!cell) return []
    return [
      {
        feature,
        environment,
        ...(enabled !== undefined && { enabled: cell.enabled }),
        ...(value !== undefined && { value: typed(cell.value) }),
      },
    ]
  })
}

/** The kind of value that a typed text is meant to be: the one that was there, as long as the text fits it. */
export function kindFor(text: string, before: TypedValue['type'] | null): TypedValue['type'] {
  if (before === 'integer' && problemOf({ type: 'integer', value: text }) === null) return 'integer'
  if (before === 'boolean' && problemOf({ type: 'boolean', value: text }) === null) return 'boolean'
  return 'string'
}

const LARGEST = 2_147_483_647

export function problemOf({ type, value }: TypedValue): string | null {
  if (type === 'integer' && !/^-?\d{1,10}$/.test(value.trim())) return 'A whole number, such as 42.'
  if (type === 'integer' && Math.abs(Number(value)) > LARGEST) return 'This number is too large.'
  if (type === 'boolean' && value !== 'true' && value !== 'false') return 'true or false.'
  return null
}
