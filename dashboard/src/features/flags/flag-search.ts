import { z } from 'zod/mini'

export const SORTS = ['name', 'created', 'changed', 'evaluated', 'state', 'overrides'] as const
export type Sort = (typeof SORTS)[number]

/** What of the list is in its address, so that links and reloads keep it. A wrong part counts as absent. */
export const flagSearch = z.object({
  /** All environments side by side; else the one of the address. */
  view: z.catch(z.optional(z.enum(['all'])), undefined),
  search: z.catch(z.optional(z.coerce.string()), undefined),
  tags: z.catch(z.optional(z.array(z.number())), undefined),
  owner: z.catch(z.optional(z.number()), undefined),
  state: z.catch(z.optional(z.enum(['on', 'off'])), undefined),
  type: z.catch(z.optional(z.enum(['STANDARD', 'MULTIVARIATE'])), undefined),
  is_archived: z.catch(z.optional(z.boolean()), undefined),
  stale: z.catch(z.optional(z.boolean()), undefined),
  /** Changed within so many days. */
  changed: z.catch(z.optional(z.number()), undefined),
  /** Not evaluated for so many days. */
  unused: z.catch(z.optional(z.number()), undefined),
  sort: z.catch(z.optional(z.enum(SORTS)), undefined),
  descending: z.catch(z.optional(z.boolean()), undefined),
  /** The feature that is open. */
  feature: z.catch(z.optional(z.number()), undefined),
})

export type FlagSearch = z.infer<typeof flagSearch>

/** Without search and filters; the order and the columns stay. */
export const NO_FILTER: Partial<FlagSearch> = {
  search: undefined,
  tags: undefined,
  owner: undefined,
  state: undefined,
  type: undefined,
  is_archived: undefined,
  stale: undefined,
  changed: undefined,
  unused: undefined,
}
