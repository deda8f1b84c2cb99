import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod/mini'
import { answered, api, type Page } from '@/lib/api-client'
import { ApiError } from '@/lib/errors'
import { serverUrl } from '@/lib/facts'
import type { FeatureId, ProjectId, UserId } from '@/lib/ids'
import type { FlagValue, Owner } from './features'
import { keys } from './keys'
import { LOOK_AGAIN, LOOK_NOW_AND_THEN } from './look-again'
import type { Environment } from './places'

export interface FieldChange {
  field: string
  old: FlagValue
  new: FlagValue
}

export interface AuditLine {
  id: number
  created_date: string
  log: string
  author: Owner | null
  /** The name of a key, or of a person who is gone. */
  author_label: string | null
  author_kind: 'user' | 'api_key' | 'system' | null
  environment: Pick<Environment, 'id' | 'name' | 'api_key'> | null
  related_object_id: number | null
  related_object_type: string
  change_type: string
  change_details: FieldChange[]
  can_revert: boolean
}

export interface AuditQuery {
  search?: string | undefined
  author?: UserId | undefined
  author_kind?: 'api_key' | undefined
  is_system_event?: boolean | undefined
  related_object_type?: string | undefined
  environments?: number | undefined
  feature?: FeatureId | undefined
  date_from?: string | undefined
  date_to?: string | undefined
}

/** A line of the server's own log, with the address of the account that it is about. */
export interface ServerLine extends AuditLine {
  account: string
}

export const LINES_A_PAGE = 50

export const auditOf = (project: ProjectId, query: AuditQuery, page: number) =>
  queryOptions({
    queryKey: [...keys.audit(project), query, page] as const,
    queryFn: ({ signal }) =>
      answered<Page<AuditLine>>(
        api.GET('/api/v1/projects/{project_id}/audit/', {
          params: {
            path: { project_id: project },
            query: { ...query, page, page_size: LINES_A_PAGE, details: true },
          },
          signal,
        }),
      ),
    refetchInterval: LOOK_AGAIN,
  })

/** What was written since the log was looked at before. */
export interface News {
  last: number
  /** The newest ones, newest first; empty when one looks for the first time. */
  lines: readonly AuditLine[]
}

const MOST_NEWS = 20

export const newsOf = (project: ProjectId) =>
  queryOptions({
    queryKey: [...keys.audit(project), 'news'] as const,
    queryFn: async ({ client, queryKey, signal }): Promise<News> => {
      const known = client.getQueryData<News>(queryKey)
      const query = known
        ? { after: known.last, page_size: MOST_NEWS, details: true }
        : { page_size: 1, details: true }
      const { results } = await answered<Page<AuditLine>>(
        api.GET('/api/v1/projects/{project_id}/audit/', {
          params: { path: { project_id: project }, query },
          signal,
        }),
      )
      const last = results[0]?.id ?? known?.last ?? 0
      return { last, lines: known ? results : [] }
    },
    staleTime: 0,
    retry: false,
    refetchInterval: LOOK_NOW_AND_THEN,
  })

export const auditLine = (project: ProjectId, line: number) =>
  queryOptions({
    queryKey: [...keys.audit(project), 'line', line] as const,
    queryFn: ({ signal }) =>
      answered<AuditLine>(
        api.GET('/api/v1/projects/{project_id}/audit/{line_id}/', {
          params: { path: { project_id: project, line_id: line } },
          signal,
        }),
      ),
  })

/** Sign-ins, failures and what else happened to accounts of this server. */
export const serverLog = (query: AuditQuery, page: number) =>
  queryOptions({
    queryKey: [...keys.serverLog, query, page] as const,
    queryFn: ({ signal }) =>
      answered<Page<ServerLine>>(
        api.GET('/api/v1/installation/audit/', {
          params: { query: { ...query, page, page_size: LINES_A_PAGE, details: true } },
          signal,
        }),
      ),
    refetchInterval: LOOK_AGAIN,
  })

export type FileKind = 'csv' | 'jsonl'

/** Where the browser gets the lines of a query as a file. */
export function auditFile(project: ProjectId, query: AuditQuery, kind: FileKind): string {
  return fileOf(`projects/${project}`, query, kind)
}

export function serverLogFile(query: AuditQuery, kind: FileKind): string {
  return fileOf('installation', query, kind)
}

function fileOf(place: string, query: AuditQuery, kind: FileKind): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const params = new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
  return `${serverUrl}/api/v1/${place}/audit/export/${kind}/?${params.toString()}`
}

interface Reverted {
  changed: boolean
  fields: { field: string; from: FlagValue; to: FlagValue }[]
}

/** Takes the change of a line back; unless forced, not when later changes touched the same fields. */
export function useRevert(project: ProjectId) {
  const queryClient = useQueryClient()
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ line, force = false }: { line: number; force?: boolean }) =>
      answered<Reverted>(
        api.POST('/api/v1/audit/{line_id}/revert/', {
          params: { path: { line_id: line } },
          body: { force },
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.project(project) }),
  })
}

const conflictShape = z.object({
  code: z.literal('changed_since'),
  fields: z.array(z.string()),
  changes: z.array(z.object({ at: z.string(), author: z.string() })),
})

export type RevertConflict = z.infer<typeof conflictShape>

/** What stands against taking a change back; null for any other error. */
export function conflictIn(error: unknown): RevertConflict | null {
  if (!(error instanceof ApiError) || error.status !== 409) return null
  return conflictShape.safeParse(error.body).data ?? null
}
