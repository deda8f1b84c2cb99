import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answered, api, ask, post, type Page } from '@/lib/api-client'
import type { EnvironmentId, EnvironmentKey, FeatureId, IdentityId, ProjectId, SegmentId } from '@/lib/ids'
import { useAct } from './act'
import type { CustomField } from './custom-fields'
import type { FlagValue } from './features'
import { keys } from './keys'
import type { Condition, Rule } from './segment-rules'

export interface FieldValue {
  model_field: number
  field_value: string
}

export interface Segment {
  id: SegmentId
  uuid: string
  name: string
  description: string | null
  project: ProjectId
  /** The feature that it was made for, if only for one. */
  feature: FeatureId | null
  rules: Rule[]
  /** Regular expressions that never match, with the reason. */
  unusable_patterns: Readonly<Record<string, string>>
  metadata: FieldValue[]
  /** What keeps it, such as a percentage roll-out of a flag; empty for those that people made. */
  managed_by: string
  created_at: string
  updated_at: string
}

const PAGE_SIZE = 999

/** The segments that people made. */
export const segmentsOf = (project: ProjectId) =>
  queryOptions({
    queryKey: keys.segments(project),
    queryFn: async ({ signal }) => {
      const first = await segmentPage(project, 1, signal)
      const others = Math.ceil(first.count / PAGE_SIZE) - 1
      const rest = await Promise.all(
        Array.from({ length: others }, (_, place) => segmentPage(project, place + 2, signal)),
      )
      return [first, ...rest].flatMap((page) => page.results).filter((segment) => segment.managed_by === '')
    },
  })

function segmentPage(project: ProjectId, page: number, signal: AbortSignal) {
  return answered<Page<Segment>>(
    api.GET('/api/v1/projects/{project_id}/segments/', {
      params: { path: { project_id: project }, query: { page, page_size: PAGE_SIZE } },
      signal,
    }),
  )
}

export const segmentWith = (project: ProjectId, segment: SegmentId) =>
  queryOptions({
    queryKey: [...keys.segments(project), segment] as const,
    queryFn: ({ signal }) =>
      answered<Segment>(
        api.GET('/api/v1/projects/{project_id}/segments/{segment_id}/', {
          params: { path: { project_id: project, segment_id: segment } },
          signal,
        }),
      ),
  })

interface Usage {
  feature: FeatureId
  environment: EnvironmentId
}

/** Where flags are overridden for the segment. */
export const usageOf = (project: ProjectId, segment: SegmentId) =>
  queryOptions({
    queryKey: [...keys.segments(project), segment, 'usage'] as const,
    queryFn: async ({ signal }) =>
      (
        await answered<Page<Usage>>(
          api.GET('/api/v1/projects/{project_id}/segments/{segment_id}/associated-features/', {
            params: { path: { project_id: project, segment_id: segment }, query: { page_size: PAGE_SIZE } },
            signal,
          }),
        )
      ).results,
  })

export interface Sample {
  id: IdentityId
  identifier: string
}

export interface Preview {
  examined: number
  total: number
  /** This and the other numbers are null for whoever may not see identities. */
  matching: number | null
  samples: Sample[]
  segment: {
    id: SegmentId
    name: string
    matching: number | null
    entering: number | null
    leaving: number | null
    entering_samples: Sample[]
    leaving_samples: Sample[]
    flags: {
      feature: { id: FeatureId; name: string }
      environment: { id: EnvironmentId; name: string }
      priority: number | null
      enabled: boolean
      value: FlagValue
    }[]
  } | null
}

interface Previewed {
  rules: readonly Rule[]
  environment: EnvironmentKey
  segment?: SegmentId
}

/** Who of the stored identities a definition fits, and what would change for the segment it belongs to. */
export const previewOf = (project: ProjectId, asked: Previewed) =>
  queryOptions({
    queryKey: [...keys.segments(project), 'preview', asked] as const,
    queryFn: () =>
      inTurn(() =>
        answered<Preview>(
          post(`/api/v1/projects/${project}/segments/preview/`, { ...asked, rules: sent(asked.rules) }),
        ),
      ),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

let turn: Promise<unknown> = Promise.resolve()

/** One after another: a list of segments must not make the server examine everybody for all of them at once. */
function inTurn<Told>(ask: () => Promise<Told>): Promise<Told> {
  const mine = turn.then(ask, ask)
  turn = mine
  return mine
}

export interface SegmentDraft {
  name: string
  description: string
  rules: readonly Rule[]
  metadata: FieldValue[]
  /** Given when a segment is for one feature only. */
  feature?: FeatureId
}

export function useCreateSegment(project: ProjectId) {
  return useAct(
    (draft: SegmentDraft) =>
      answered<Segment>(
        post(`/api/v1/projects/${project}/segments/`, { ...draft, rules: sent(draft.rules) }),
      ),
    { stale: [keys.project(project)], quiet: true },
  )
}

/** A segment decides about flags everywhere, so all of the project is looked at anew. */
export function useSaveSegment(project: ProjectId, segment: SegmentId) {
  return useAct(
    ({ rules, ...others }: Partial<Omit<SegmentDraft, 'feature'>>) => {
      const body = { ...others, ...(rules && { rules: sent(rules) }) }
      return answered<Segment>(
        ask(`/api/v1/projects/${project}/segments/${segment}/`, { method: 'PATCH', body }),
      )
    },
    { stale: [keys.project(project)], quiet: true },
  )
}

export function useCloneSegment(project: ProjectId) {
  return useAct(
    ({ segment, name }: { segment: SegmentId; name: string }) =>
      answered<Segment>(
        api.POST('/api/v1/projects/{project_id}/segments/{segment_id}/clone/', {
          params: { path: { project_id: project, segment_id: segment } },
          body: { name },
        }),
      ),
    { stale: [keys.segments(project)], quiet: true },
  )
}

export function useDeleteSegment(project: ProjectId) {
  return useAct(
    (segment: SegmentId) =>
      answered(
        api.DELETE('/api/v1/projects/{project_id}/segments/{segment_id}/', {
          params: { path: { project_id: project, segment_id: segment } },
        }),
      ),
    { stale: [keys.project(project)] },
  )
}

// A value of null must be left out: given, it would be kept as the text "None".
function sent(rules: readonly Rule[]): SentRule[] {
  return rules.map(({ rules: nested, conditions, ...rule }) => ({
    ...rule,
    conditions: conditions.map(({ value, ...condition }) =>
      value === null ? condition : { ...condition, value },
    ),
    ...(nested && { rules: sent(nested) }),
  }))
}

interface SentRule extends Omit<Rule, 'conditions' | 'rules'> {
  conditions: (Omit<Condition, 'value'> & { value?: string })[]
  rules?: SentRule[]
}

/** The custom fields that segments of the project have. */
export const segmentFieldsOf = (project: ProjectId) =>
  queryOptions({
    queryKey: [...keys.project(project), 'segment-fields'] as const,
    queryFn: async ({ signal }) =>
      (
        await answered<Page<CustomField>>(
          ask(`/api/v1/projects/${project}/metadata/fields/?include_organisation=true&entity=segment`, {
            signal,
          }),
        )
      ).results,
    staleTime: 60_000,
  })
