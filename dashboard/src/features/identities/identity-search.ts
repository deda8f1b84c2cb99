import { z } from 'zod/mini'
import { timeAgo } from '@/lib/format'

/** What of the list is in its address. A wrong part counts as absent. */
export const identitySearch = z.object({
  q: z.catch(z.optional(z.coerce.string()), undefined),
  trait: z.catch(z.optional(z.array(z.string())), undefined),
  page: z.catch(z.optional(z.number().check(z.int(), z.positive())), undefined),
})

export type IdentitySearch = z.infer<typeof identitySearch>

export function isNarrowed({ q, trait }: IdentitySearch): boolean {
  return Boolean(q) || (trait ?? []).length > 0
}

const DAY = 86_400_000

/** A day as people say it; apps are only known to have asked on it, not when. */
export function seenWords(day: string | null, now = new Date()): string {
  if (day === null) return 'never'
  const days = Math.floor((now.getTime() - Date.parse(day)) / DAY)
  return days <= 0 ? 'today' : timeAgo(new Date(now.getTime() - days * DAY), now)
}
