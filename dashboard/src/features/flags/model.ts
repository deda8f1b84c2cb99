import type { Cell, FlagRow } from '@/data/matrix'
import type { Environment } from '@/data/places'
import { NO_FILTER, type FlagSearch, type Sort } from './flag-search'

const DAY = 86_400_000

/** The rows that the search asks for, in its order. State and value are those of the environments looked at. */
export function wanted(
  rows: readonly FlagRow[],
  search: FlagSearch,
  environments: readonly Pick<Environment, 'id'>[],
  now = new Date(),
): FlagRow[] {
  const words = (search.search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const looked = { environments, now }
  const found = rows.filter(
    (row) => fits(row, search, looked) && words.every((word) => textOf(row, looked).includes(word)),
  )
  const order = ORDERS[search.sort ?? 'name']
  found.sort((one, other) => order(one, other, looked) || ORDERS.name(one, other, looked))
  return search.descending ? found.reverse() : found
}

interface Looked {
  environments: readonly Pick<Environment, 'id'>[]
  now: Date
}

export function cellsOf(row: FlagRow, environments: readonly Pick<Environment, 'id'>[]): Cell[] {
  return environments.flatMap(({ id }) => row.states[id] ?? [])
}

function fits(row: FlagRow, search: FlagSearch, { environments, now }: Looked): boolean {
  const { tags = [], owner, state, type, is_archived = false, stale, changed, unused } = search
  return (
    row.is_archived === is_archived &&
    (type === undefined || row.type === type) &&
    (state === undefined || cellsOf(row, environments).some(({ enabled }) => enabled === (state === 'on'))) &&
    tags.every((id) => row.tags.some((tag) => tag.id === id)) &&
    (owner === undefined || row.owners.some(({ id }) => id === owner)) &&
    (stale !== true || row.is_stale) &&
    (changed === undefined || isWithin(changedAt(row), changed, now)) &&
    (unused === undefined || row.last_evaluated === null || !isWithin(row.last_evaluated, unused, now))
  )
}

function isWithin(moment: string, days: number, now: Date): boolean {
  return now.getTime() - new Date(moment).getTime() <= days * DAY
}

/** When it was changed last; a feature that never was, when it was made. */
export function changedAt(row: FlagRow): string {
  return row.last_change?.at ?? row.created_date
}

export function overrideCount(cell: Cell | undefined): number {
  return (cell?.segment_overrides ?? 0) + (cell?.identity_overrides ?? 0)
}

/** Whether something is filtered, so that an empty list means "nothing fits" and not "nothing there". */
export function isFiltered(search: FlagSearch): boolean {
  const { tags = [], ...others } = { ...search }
  const names = Object.keys(NO_FILTER)
  return (
    tags.length > 0 || Object.entries(others).some(([name, wish]) => names.includes(name) && Boolean(wish))
  )
}

function textOf(row: FlagRow, { environments }: Looked): string {
  const values = cellsOf(row, environments).map(({ value }) => value ?? '')
  return [row.name, row.description ?? '', ...values].join(' ').toLowerCase()
}

type Order = (one: FlagRow, other: FlagRow, looked: Looked) => number

const amountOn = (row: FlagRow, { environments }: Looked) =>
  cellsOf(row, environments).filter(({ enabled }) => enabled).length
const amountOfOverrides = (row: FlagRow, { environments }: Looked) =>
  cellsOf(row, environments).reduce((sum, cell) => sum + overrideCount(cell), 0)

const ORDERS: Record<Sort, Order> = {
  name: (one, other) => one.name.localeCompare(other.name),
  created: (one, other) => one.created_date.localeCompare(other.created_date),
  changed: (one, other) => changedAt(one).localeCompare(changedAt(other)),
  evaluated: (one, other) => (one.last_evaluated ?? '').localeCompare(other.last_evaluated ?? ''),
  state: (one, other, looked) => amountOn(other, looked) - amountOn(one, looked),
  overrides: (one, other, looked) => amountOfOverrides(other, looked) - amountOfOverrides(one, looked),
}

/** For whom a change of the default does nothing, as the end of a sentence. */
export function exceptions(cell: Cell | undefined): string {
  const segments = cell?.segment_overrides ?? 0
  const identities = cell?.identity_overrides ?? 0
  const parts = [
    segments > 0 && (segments === 1 ? '1 segment' : `${segments} segments`),
    identities > 0 && (identities === 1 ? '1 identity' : `${identities} identities`),
  ].filter(Boolean)
  return parts.length > 0 ? ` but ${parts.join(' and ')} with an override of their own` : ''
}

/** The wrong of a name for a new feature, in words. */
export function nameProblem(
  name: string,
  rules: { pattern: string | null; lowerCaseOnly: boolean },
): string | null {
  if (name === '') return 'Name the feature.'
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) return 'Use letters, digits, _ . and - only.'
  if (rules.lowerCaseOnly && name !== name.toLowerCase()) return 'This project wants lower-case names.'
  if (rules.pattern && !matchesWhole(name, rules.pattern))
    return `This project wants names that fit ${rules.pattern}`
  return null
}

function matchesWhole(name: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(name)
  } catch {
    return true // The server knows more kinds of patterns; it decides.
  }
}
