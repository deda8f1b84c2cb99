import { z } from 'zod/mini'

export const SORTS = ['name', 'created', 'state', 'overrides'] as const
export type Sort = (typeof SORTS)[number]

/** What of the list is in its address, so that links and reloads keep it. A wrong part counts as absent. */
export const flagSearch = z.object({
  search: z.catch(z.optional(z.coerce.string()), undefined),
  tags: z.catch(z.optional(z.array(z.number())), undefined),
  state: z.catch(z.optional(z.enum(['on', 'off'])), undefined),
  type: z.catch(z.optional(z.enum(['STANDARD', 'MULTIVARIATE'])), undefined),
  is_archived: z.catch(z.optional(z.boolean()), undefined),
  sort: z.catch(z.optional(z.enum(SORTS)), undefined),
  descending: z.catch(z.optional(z.boolean()), undefined),
  /** The feature that is open. */
  feature: z.catch(z.optional(z.number()), undefined),
})

export type FlagSearch = z.infer<typeof flagSearch>
