import { z } from 'zod/mini'
import { PERIODS, SPLITS, type By, type Period, type UsageQuery, type What } from '@/data/usage'
import { idFrom, type EnvironmentId, type FeatureId } from '@/lib/ids'

/** What of the page is in its address. A wrong part counts as absent. */
export const usageSearch = z.object({
  what: z.catch(z.optional(z.enum(['requests', 'evaluations'])), undefined),
  by: z.catch(
    z.optional(z.enum(['environment', 'feature', 'sdk', 'resource', 'variant', 'state', 'outcome'])),
    undefined,
  ),
  period: z.catch(z.optional(z.enum(PERIODS)), undefined),
  env: z.catch(z.optional(z.coerce.number()), undefined),
  feature: z.catch(z.optional(z.coerce.number()), undefined),
  view: z.catch(z.optional(z.enum(['table'])), undefined),
  /** On the page of the organisation. */
  project: z.catch(z.optional(z.coerce.number()), undefined),
})

export type UsageSearch = z.infer<typeof usageSearch>
export type FlagSplit = 'environment' | 'outcome' | 'variant' | 'state' | 'sdk'
/** What a picture shows: outcomes are on the page of their flag alone. */
export interface PictureSearch extends Omit<UsageSearch, 'what'> {
  what?: What | undefined
}

export type OnSearch = (changes: Partial<UsageSearch>) => void

const SPANS: Record<Period, { hours: number } | { days: number }> = {
  '24h': { hours: 24 },
  '7d': { days: 7 },
  '30d': { days: 30 },
  '90d': { days: 90 },
}

/** What the address asks for, completed: API calls of 30 days by environment. */
export function usageQuery({
  what = 'requests',
  by,
  period = '30d',
  env,
  feature,
}: PictureSearch): UsageQuery {
  const isOfFlags = what !== 'requests'
  return {
    what,
    by: splitOf(what, by, feature !== undefined),
    ...SPANS[period],
    environment: env === undefined ? undefined : idFrom<EnvironmentId>(String(env)),
    feature: isOfFlags && feature !== undefined ? idFrom<FeatureId>(String(feature)) : undefined,
  }
}

function splitOf(what: What, asked: By | undefined, isOfOneFlag: boolean): By {
  const known = SPLITS[what].find((split) => split === asked)
  if (known && !(isOfOneFlag && known === 'feature')) return known
  if (what === 'outcomes') return 'outcome'
  return what === 'evaluations' && !isOfOneFlag ? 'feature' : 'environment'
}
