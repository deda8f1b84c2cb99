import { z } from 'zod/mini'
import type { ToldFlag } from '@/data/explain'

/** What of a list of traced flags is in its address. A wrong part counts as absent. */
export const traceSearch = z.object({
  search: z.catch(z.optional(z.coerce.string()), undefined),
  /** Only those whose default did not decide. */
  special: z.catch(z.optional(z.boolean()), undefined),
  /** The id of the flag that is open. */
  flag: z.catch(z.optional(z.number()), undefined),
})

export type TraceSearch = z.infer<typeof traceSearch>

export function wantedFlags(flags: readonly ToldFlag[], { search = '', special }: TraceSearch): ToldFlag[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return flags
    .filter(
      ({ feature, decided_by, value }) =>
        (!special || (decided_by.kind !== 'default' && decided_by.kind !== 'split')) &&
        words.every((word) => `${feature.name} ${String(value ?? '')}`.toLowerCase().includes(word)),
    )
    .sort((one, other) => one.feature.name.localeCompare(other.feature.name))
}
