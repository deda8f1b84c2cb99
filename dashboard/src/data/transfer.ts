import { queryOptions } from '@tanstack/react-query'
import { answered, ask, type Page } from '@/lib/api-client'
import type { EnvironmentId, EnvironmentKey, ProjectId, TagId } from '@/lib/ids'
import { useAct } from './act'
import { keys } from './keys'

export type TransferStatus = 'PROCESSING' | 'SUCCESS' | 'FAILED'
export type Strategy = 'SKIP' | 'OVERWRITE_DESTRUCTIVE'

interface Transfer {
  id: number
  environment_id: EnvironmentId
  status: TransferStatus
  created_at: string
  /** In per cent. */
  progress: number
}

export interface FeatureExport extends Transfer {
  name: string
  error: string | null
}

export interface FeatureImport extends Transfer {
  strategy: Strategy
  problems: { item: number; feature: string | null; why: string }[] | null
  outcome: Record<string, number> | null
}

const WHILE_AT_WORK = 1_000

/** Asked again and again while a worker is at one of them. */
function listOf<Row extends Transfer>(project: ProjectId, kind: 'feature-exports' | 'feature-imports') {
  return queryOptions({
    queryKey: [...keys.transfers(project), kind] as const,
    queryFn: async ({ signal }) =>
      (await answered<Page<Row>>(ask(`/api/v1/projects/${project}/${kind}/`, { signal }))).results,
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === 'PROCESSING') ? WHILE_AT_WORK : false,
  })
}

export const exportsOf = (project: ProjectId) => listOf<FeatureExport>(project, 'feature-exports')
export const importsOf = (project: ProjectId) => listOf<FeatureImport>(project, 'feature-imports')

export function useExport(project: ProjectId) {
  return useAct(
    (body: { environment_id: EnvironmentId; tag_ids: readonly TagId[] }) =>
      answered<FeatureExport>(ask('/api/v1/features/create-feature-export/', { method: 'POST', body })),
    { stale: [keys.transfers(project)] },
  )
}

/** The file of an export, to be saved. */
export async function exportedFile(id: number): Promise<string> {
  return JSON.stringify(await answered(ask(`/api/v1/features/download-feature-export/${id}/`)), null, 2)
}

export function useImport(project: ProjectId) {
  return useAct(
    ({ environment, file, strategy }: { environment: EnvironmentId; file: File; strategy: Strategy }) => {
      const body = new FormData()
      body.set('file', file)
      body.set('strategy', strategy)
      return answered<FeatureImport>(
        ask(`/api/v1/features/feature-import/${environment}`, { method: 'POST', body }),
      )
    },
    { stale: [keys.transfers(project), keys.features(project)], quiet: true },
  )
}

/** A copy that a worker makes. */
export interface Clone {
  id: EnvironmentId
  name: string
  api_key: EnvironmentKey
}

export function useClone(project: ProjectId) {
  return useAct(
    ({ environment, name }: { environment: EnvironmentKey; name: string }) =>
      answered<Clone>(
        ask(`/api/v1/environments/${encodeURIComponent(environment)}/clone/`, {
          method: 'POST',
          body: { name, clone_feature_states_async: true },
        }),
      ),
    { stale: [keys.environments(project)], quiet: true },
  )
}

/** How far a copy is, for as long as it is being made. */
export const cloneProgress = (project: ProjectId, environment: EnvironmentKey) =>
  queryOptions({
    queryKey: [...keys.environment(project, environment), 'clone'] as const,
    queryFn: ({ signal }) =>
      answered<{ status: TransferStatus; progress: number }>(
        ask(`/api/v1/environments/${encodeURIComponent(environment)}/clone/`, { signal }),
      ),
    refetchInterval: ({ state }) => (state.data?.status === 'PROCESSING' ? WHILE_AT_WORK : false),
  })
