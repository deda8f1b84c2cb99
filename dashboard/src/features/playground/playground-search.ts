import { z } from 'zod/mini'
import { traceSearch } from '@/widgets/trace-search'
import type { Who } from '@/widgets/test-as-who'

/** Who is tested is in the address, so that an answer can be sent to somebody. A wrong part counts as absent. */
export const playgroundSearch = z.extend(traceSearch, {
  identifier: z.catch(z.optional(z.coerce.string()), undefined),
  traits: z.catch(z.optional(z.array(z.object({ key: z.string(), text: z.string() }))), undefined),
})

export type PlaygroundSearch = z.infer<typeof playgroundSearch>

export function whoFrom({ identifier = '', traits = [] }: PlaygroundSearch): Who {
  return { identifier, traits }
}

export function withWho({ identifier, traits }: Who): Partial<PlaygroundSearch> {
  return {
    identifier: identifier || undefined,
    traits: traits.length > 0 ? [...traits] : undefined,
  }
}
