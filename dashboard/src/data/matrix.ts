import { hashKey, queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { answered, ask, type Page } from '@/lib/api-client'
import { ApiError } from '@/lib/errors'
import { FIRST_ROWS } from '@/lib/first-questions'
import type { EnvironmentId, FeatureId, ProjectId } from '@/lib/ids'
import type { FlagValue, Owner, Tag } from './features'
import { keys } from './keys'
import type { Environment } from './places'
import { plain, type TypedValue } from './targeting'

/** A flag in one environment. */
export interface Cell {
  enabled: boolean
  value: FlagValue
  variants: readonly { id: number; weight: number }[]
  rollout: { percentage: number; enabled: boolean } | null
  segment_overrides: number
  identity_overrides: number
  change_number: number
}

/** A feature with its flags in all environments that one may see, by the id of the environment. */
export interface FlagRow {
  id: FeatureId
  name: string
  type: 'STANDARD' | 'MULTIVARIATE'
  description: string | null
  is_archived: boolean
  is_server_key_only: boolean
  created_date: string
  tags: readonly Pick<Tag, 'id' | 'label' | 'color'>[]
  owners: readonly Owner[]
  variants: readonly { id: number; key: string | null; value: FlagValue }[]
  is_stale: boolean
  last_change: { at: string; by: Owner | null; environment: EnvironmentId } | null
  last_evaluated: string | null
  /** Of the last 14 days, today last. */
  evaluations: readonly number[]
  states: Readonly<Record<string, Cell | undefined>>
}

export interface FlagRows {
  rows: readonly FlagRow[]
  /** How many there are; more than `rows` while the rest is on its way. */
  total: number
}

const LONGEST_WAIT = 1_000
const PAGE_SIZE = 999
/** So many rows are read by their ids; of more, all are read. */
const FEW = 50

/** Every feature in every environment. The first page is shown while the others come; filtering happens here, at once. */
export const flagRowsOf = (project: ProjectId) =>
  queryOptions({
    queryKey: [...keys.features(project), 'matrix'] as const,
    queryFn: async ({ client, queryKey, signal }): Promise<FlagRows> => {
      if (client.getQueryData(queryKey) === undefined) {
        const first = await rowPage(project, `page=1&page_size=${FIRST_ROWS}`, signal)
        const known = { rows: first.results, total: first.count }
        if (first.count <= FIRST_ROWS) return known
        client.setQueryData<FlagRows>(queryKey, known)
        await firstDrawn()
      }
      const start = await rowPage(project, `page=1&page_size=${PAGE_SIZE}`, signal)
      const rows = [...start.results]
      for (let page = 2; rows.length < start.count && page <= Math.ceil(start.count / PAGE_SIZE); page++)
        rows.push(...(await rowPage(project, `page=${page}&page_size=${PAGE_SIZE}`, signal)).results)
      return { rows, total: rows.length }
    },
  })

/** The first rows are on the screen before the many others are read. */
function firstDrawn(): Promise<unknown> {
  if (!('requestIdleCallback' in window)) return Promise.resolve()
  return new Promise((resolve) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => requestIdleCallback(resolve, { timeout: LONGEST_WAIT })),
    ),
  )
}

function rowPage(project: ProjectId, query: string, signal?: AbortSignal) {
  return answered<Page<FlagRow>>(
    ask(`/api/v1/projects/${project}/flag-matrix/?${query}`, { ...(signal && { signal }) }),
  )
}

/** Reads the rows that were just changed, and not the thousand others with them; all of them when that is not enough. */
async function renewRows(client: QueryClient, project: ProjectId, features: readonly FeatureId[]) {
  const { queryKey } = flagRowsOf(project)
  try {
    const { results } = await rowPage(project, `ids=${features.join()}`)
    const renewed = new Map(results.map((row) => [row.id, row]))
    if (features.some((id) => !renewed.has(id))) throw new Error('Some are gone.')
    client.setQueryData(
      queryKey,
      (known) => known && { ...known, rows: known.rows.map((row) => renewed.get(row.id) ?? row) },
    )
  } catch {
    await client.invalidateQueries({ queryKey })
  }
}

/** What shall become of a flag in one environment. */
export interface CellChange {
  feature: FeatureId
  environment: Environment
  enabled?: boolean
  value?: TypedValue | null
  /** The change number that it was made from; a later one refuses it. */
  expected?: number
}

/** How many features were saved, and why the others were not. */
export interface SavedCells {
  saved: number
  refused: readonly Error[]
}

/** Saves flags: shown at once, each feature in all its environments or in none. Throws when nothing could be saved. */
export function useSaveCells(project: ProjectId) {
  const queryClient = useQueryClient()
  const { queryKey } = flagRowsOf(project)
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (changes: readonly CellChange[]): Promise<SavedCells> => {
      const refused: Error[] = []
      const features = [...new Set(changes.map(({ feature }) => feature))]
      for (const feature of features) {
        try {
          await saveFeature(
            project,
            feature,
            changes.filter((change) => change.feature === feature),
          )
        } catch (error) {
          if (!(error instanceof ApiError) || features.length === 1) throw error
          refused.push(error)
        }
      }
      const [first] = refused
      if (first && refused.length === features.length) throw first
      return { saved: features.length - refused.length, refused }
    },
    onMutate: async (changes) => {
      const wasReading = queryClient.getQueryState(queryKey)?.fetchStatus === 'fetching'
      await queryClient.cancelQueries({ queryKey })
      const before = queryClient.getQueryData(queryKey)
      queryClient.setQueryData(queryKey, (known) => known && { ...known, rows: changed(known.rows, changes) })
      return { before, wasReading }
    },
    onError: (_error, _changes, context) => {
      queryClient.setQueryData(queryKey, context?.before)
    },
    onSettled: (_saved, _error, changes, shown) => {
      const features = [...new Set(changes.map(({ feature }) => feature))]
      // What was being read when this began is read again: it was to tell more than what is changed here.
      const isLittle = !shown?.wasReading && features.length <= FEW
      return Promise.all([
        isLittle ? renewRows(queryClient, project, features) : queryClient.invalidateQueries({ queryKey }),
        queryClient.invalidateQueries({
          queryKey: keys.features(project),
          predicate: (other) => hashKey(other.queryKey) !== hashKey(queryKey),
        }),
        queryClient.invalidateQueries({ queryKey: keys.audit(project) }),
        ...[...new Set(changes.map(({ environment }) => environment.api_key))].map((key) =>
          queryClient.invalidateQueries({ queryKey: keys.environment(project, key) }),
        ),
      ])
    },
  })
}

function saveFeature(project: ProjectId, feature: FeatureId, changes: readonly CellChange[]) {
  const environments = Object.fromEntries(
    changes.map(({ environment, enabled, value, expected }) => [
      environment.api_key,
      {
        ...(expected !== undefined && { expected }),
        environment_default: {
          ...(enabled !== undefined && { enabled }),
          ...(value !== undefined && { value }),
        },
      },
    ]),
  )
  return answered(
    ask(`/api/v1/projects/${project}/features/${feature}/save/`, { method: 'POST', body: { environments } }),
  )
}

function changed(rows: readonly FlagRow[], changes: readonly CellChange[]): FlagRow[] {
  return rows.map((row) => {
    const here = changes.filter(({ feature }) => feature === row.id)
    if (here.length === 0) return row
    const states = { ...row.states }
    for (const { environment, enabled, value } of here) {
      const cell = states[environment.id]
      if (cell)
        states[environment.id] = {
          ...cell,
          ...(enabled !== undefined && { enabled }),
          ...(value !== undefined && { value: plain(value) }),
        }
    }
    return { ...row, states }
  })
}

export interface RowChanges {
  tags?: readonly Tag['id'][]
  is_archived?: boolean
}

/** Tags or archives several features. */
export function useChangeRows(project: ProjectId) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: async (changes: readonly { feature: FeatureId; body: RowChanges }[]) => {
      for (const { feature, body } of changes)
        await answered(ask(`/api/v1/projects/${project}/features/${feature}/`, { method: 'PATCH', body }))
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.features(project) }),
  })
}
