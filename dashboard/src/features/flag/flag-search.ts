import { z } from 'zod/mini'
import { PERIODS } from '@/data/usage'

export const TABS = ['history', 'usage', 'code', 'health'] as const
export type Tab = (typeof TABS)[number]

/** What of the page is in its address. A wrong part counts as absent. */
export const flagPageSearch = z.object({
  tab: z.catch(z.optional(z.enum(TABS)), undefined),
  /** What the usage is split by; environments if not told. */
  by: z.catch(z.optional(z.enum(['outcome', 'variant', 'state', 'sdk'])), undefined),
  period: z.catch(z.optional(z.enum(PERIODS)), undefined),
  page: z.catch(z.optional(z.coerce.number().check(z.int(), z.positive())), undefined),
})

export type FlagPageSearch = z.infer<typeof flagPageSearch>

const OLD_TABS: Readonly<Record<string, Tab>> = {
  history: 'history',
  usage: 'usage',
  analytics: 'usage',
  'feature-health': 'health',
}

/** The tab that links of old mean; their other tabs are on the page itself. */
export function tabOfOldLink(tab: unknown): Tab | undefined {
  return typeof tab === 'string' ? OLD_TABS[tab] : undefined
}
