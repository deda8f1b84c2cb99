import { z } from 'zod/mini'
import type { Segment } from '@/data/segments'
import { segmentWords, textOf } from '@/widgets/segment-words'

export const SORTS = ['name', 'updated'] as const

/** What of the list is in its address. A wrong part counts as absent. */
export const segmentSearch = z.object({
  search: z.catch(z.optional(z.coerce.string()), undefined),
  sort: z.catch(z.optional(z.enum(SORTS)), undefined),
  descending: z.catch(z.optional(z.boolean()), undefined),
  /** Also those that are for one feature only. */
  specific: z.catch(z.optional(z.boolean()), undefined),
})

export type SegmentSearch = z.infer<typeof segmentSearch>

/** The segments that the search asks for, in its order; words are looked for in the rules too. */
export function wanted(
  segments: readonly Segment[],
  { search = '', sort = 'name', descending, specific }: SegmentSearch,
): Segment[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = segments.filter(
    (segment) =>
      (specific === true || segment.feature === null) &&
      words.every((word) => haystack(segment).includes(word)),
  )
  found.sort((one, other) =>
    sort === 'updated'
      ? one.updated_at.localeCompare(other.updated_at)
      : one.name.localeCompare(other.name, undefined, { numeric: true }),
  )
  return descending ? found.reverse() : found
}

function haystack({ name, description, rules }: Segment): string {
  return `${name} ${description ?? ''} ${textOf(segmentWords(rules))}`.toLowerCase()
}

/** The environment whose identities are counted. */
export const lookingIn = z.object({ environment: z.catch(z.optional(z.string()), undefined) })
