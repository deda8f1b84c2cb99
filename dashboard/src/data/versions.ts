import { queryOptions } from '@tanstack/react-query'
import { answered, ask, type Page } from '@/lib/api-client'
import type { FeatureId, SegmentId, UserId } from '@/lib/ids'
import { useAct } from './act'
import { keys } from './keys'
import type { Environment } from './places'
import type { Flag, FlagState, TypedValue, Weight } from './targeting'

interface ToldVersion {
  uuid: string
  live_from: string | null
  published: boolean
  is_live: boolean
  published_by: UserId | null
  description: string | null
}

interface ToldState {
  enabled: boolean
  feature_state_value: Columns
  multivariate_feature_state_values: readonly {
    multivariate_feature_option: number
    percentage_allocation: number
  }[]
  feature_segment: { segment: SegmentId; priority: number } | null
}

interface Columns {
  type: string
  string_value: string | null
  integer_value: number | null
  boolean_value: boolean | null
}

/** What a flag becomes by itself at a moment to come. */
export interface ScheduledFlag {
  uuid: string
  at: string
  by: UserId | null
  note: string | null
  flag: Flag
}

type Where = Pick<Environment, 'id' | 'project' | 'api_key'>

function versionsPath(environment: Where, feature: FeatureId): string {
  return `/api/v1/environments/${environment.id}/features/${feature}/versions/`
}

const MOST = 100

/** The soonest first. Only environments that keep versions have any. */
export const scheduledIn = (environment: Where, feature: FeatureId) =>
  queryOptions({
    queryKey: [...keys.flag(environment.project, environment.api_key, feature), 'scheduled'] as const,
    queryFn: async ({ signal }): Promise<ScheduledFlag[]> => {
      const path = versionsPath(environment, feature)
      const told = await answered<Page<ToldVersion>>(
        ask(`${path}?is_live=false&page_size=${MOST}`, { signal }),
      )
      const waiting = told.results.flatMap((version) =>
        version.published && version.live_from !== null ? [{ ...version, at: version.live_from }] : [],
      )
      waiting.sort((one, other) => one.at.localeCompare(other.at))
      return Promise.all(
        waiting.map(async ({ uuid, at, published_by: by, description: note }) => {
          const states = await answered<ToldState[]>(ask(`${path}${uuid}/featurestates/`, { signal }))
          return { uuid, at, by, note, flag: flagOf(states) }
        }),
      )
    },
  })

function flagOf(states: readonly ToldState[]): Flag {
  const rules = states.flatMap((state) =>
    state.feature_segment ? [{ ...state.feature_segment, ...stateFrom(state) }] : [],
  )
  rules.sort((one, other) => one.priority - other.priority)
  const whole = states.find(({ feature_segment }) => feature_segment === null)
  return {
    changeNumber: 0,
    default: whole ? stateFrom(whole) : { enabled: false, value: null, variants: [] },
    rules: rules.map(({ segment, enabled, value, variants }) => ({
      ...{ enabled, value, variants },
      target: { kind: 'segment', segment },
    })),
  }
}

function stateFrom(told: ToldState): FlagState {
  return {
    enabled: told.enabled,
    value: valueFrom(told.feature_state_value),
    variants: told.multivariate_feature_state_values.map((each): Weight => ({
      id: each.multivariate_feature_option,
      weight: each.percentage_allocation,
    })),
  }
}

function valueFrom({ type, string_value, integer_value, boolean_value }: Columns): TypedValue | null {
  if (type === 'int') return integer_value === null ? null : { type: 'integer', value: String(integer_value) }
  if (type === 'bool')
    return boolean_value === null ? null : { type: 'boolean', value: String(boolean_value) }
  return string_value === null ? null : { type: 'string', value: string_value }
}

/** How the flag differs from what is served, for a version to come. */
export interface VersionBody {
  feature_states_to_update: readonly object[]
  feature_states_to_create: readonly object[]
  segment_ids_to_delete_overrides: readonly SegmentId[]
}

/** A state as versions spell it. */
export function versionState({ enabled, value, variants }: FlagState): object {
  return {
    enabled,
    feature_state_value: columnsOf(value),
    multivariate_feature_state_values: variants.map(({ id, weight }) => ({
      multivariate_feature_option: id,
      percentage_allocation: weight,
    })),
  }
}

function columnsOf(value: TypedValue | null): object {
  if (value === null) return {}
  if (value.type === 'integer') return { type: 'int', integer_value: Number(value.value) }
  if (value.type === 'boolean') return { type: 'bool', boolean_value: value.value === 'true' }
  return { type: 'unicode', string_value: value.value }
}

export interface Scheduling {
  at: string
  note: string
  drafts: readonly { environment: Where; body: VersionBody }[]
}

/** Lets drafts become what is served at a moment to come; tells what was made, so that it can be taken back. */
export function useSchedule(feature: FeatureId, environment: Where) {
  return useAct(
    async ({ at, note, drafts }: Scheduling) => {
      const made: { environment: Where; uuid: string }[] = []
      for (const { environment: where, body } of drafts) {
        const sent = { ...body, live_from: at, publish_immediately: true, description: note || null }
        const { uuid } = await answered<ToldVersion>(
          ask(versionsPath(where, feature), { method: 'POST', body: sent }),
        )
        made.push({ environment: where, uuid })
      }
      return made
    },
    { stale: [keys.project(environment.project)], quiet: true },
  )
}

/** What was scheduled is forgotten; what is served stays. */
export function useCancelScheduled(feature: FeatureId, environment: Where) {
  return useAct(
    async (versions: readonly { environment: Where; uuid: string }[]) => {
      for (const { environment: where, uuid } of versions)
        await answered(ask(`${versionsPath(where, feature)}${uuid}/`, { method: 'DELETE' }))
    },
    { stale: [keys.project(environment.project)] },
  )
}
