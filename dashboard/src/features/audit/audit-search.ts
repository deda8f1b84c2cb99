import { z } from 'zod/mini'
import type { AuditQuery } from '@/data/audit'
import { idFrom, type FeatureId, type UserId } from '@/lib/ids'

const day = z.catch(z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))), undefined)

/** What of the log is in its address; `env`, `search` and `page` are those of old links. A wrong part counts as absent. */
export const auditSearch = z.object({
  search: z.catch(z.optional(z.coerce.string()), undefined),
  env: z.catch(z.optional(z.coerce.number()), undefined),
  /** The id of a person, or a kind of author that is none. */
  who: z.catch(z.optional(z.union([z.number(), z.enum(['keys', 'system'])])), undefined),
  type: z.catch(z.optional(z.string()), undefined),
  feature: z.catch(z.optional(z.coerce.number()), undefined),
  since: day,
  until: day,
  page: z.catch(z.optional(z.coerce.number().check(z.int(), z.positive())), undefined),
})

export type AuditSearch = z.infer<typeof auditSearch>
export type OnSearch = (changes: Partial<AuditSearch>) => void

export const NO_FILTER: Partial<AuditSearch> = {
  search: undefined,
  env: undefined,
  who: undefined,
  type: undefined,
  feature: undefined,
  since: undefined,
  until: undefined,
  page: undefined,
}

/** Whether something is filtered, so that an empty log means "nothing fits" and not "nothing happened". */
export function isFiltered({ search, env, who, type, feature, since, until }: AuditSearch): boolean {
  return [search, env, who, type, feature, since, until].some((part) => part !== undefined && part !== '')
}

/** The question for the server. Days are those of whoever looks. */
export function queryFrom({ search, env, who, type, feature, since, until }: AuditSearch): AuditQuery {
  return {
    search: search?.trim() || undefined,
    environments: env,
    author: typeof who === 'number' ? idFrom<UserId>(String(who)) : undefined,
    author_kind: who === 'keys' ? 'api_key' : undefined,
    is_system_event: who === 'system' || undefined,
    related_object_type: type,
    feature: feature === undefined ? undefined : idFrom<FeatureId>(String(feature)),
    date_from: since && new Date(`${since}T00:00:00`).toISOString(),
    date_to: until && new Date(`${until}T23:59:59.999`).toISOString(),
  }
}
