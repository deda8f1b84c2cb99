import { z } from 'zod/mini'

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
