import { z } from 'zod/mini'

/** What of the comparison is in its address. A wrong part counts as absent. */
export const compareSearch = z.object({
  from: z.catch(z.optional(z.string()), undefined),
  to: z.catch(z.optional(z.string()), undefined),
  /** One flag over all environments, instead of all flags of two. */
  feature: z.catch(z.optional(z.number()), undefined),
  view: z.catch(z.optional(z.enum(['flag'])), undefined),
  search: z.catch(z.optional(z.coerce.string()), undefined),
  part: z.catch(z.optional(z.enum(['enabled', 'value', 'multivariate', 'segment_overrides'])), undefined),
})

export type CompareSearch = z.infer<typeof compareSearch>
export type OnSearch = (changes: Partial<CompareSearch>) => void
