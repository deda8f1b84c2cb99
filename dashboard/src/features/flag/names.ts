import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Variant } from '@/data/features'
import type { Segment } from '@/data/segments'
import { segmentsFor, type Rule } from '@/data/targeting'
import type { FeatureId, ProjectId } from '@/lib/ids'
import { HUES } from '@/ui/hues'
import type { Names } from './changes'

const SHARES = [HUES.blue, HUES.amber, HUES.teal, HUES.rose, HUES.moss, HUES.plum, HUES.copper, HUES.slate]

/** The colour of a variant, by its place among those of the feature. */
export function variantColour(place: number): string {
  return SHARES[place % SHARES.length] ?? HUES.slate
}

export function variantName({ id, key, string_value, integer_value, boolean_value }: Variant): string {
  return key ?? string_value ?? String(integer_value ?? boolean_value ?? `variant ${id}`)
}

export function variantValue({ string_value, integer_value, boolean_value }: Variant) {
  return integer_value ?? boolean_value ?? string_value
}

const NONE: readonly Segment[] = []

/** How the segments and the variants of a feature are called. */
export function useNames(project: ProjectId, feature: { id: FeatureId; multivariate_options: Variant[] }) {
  const { data: segments = NONE } = useQuery(segmentsFor(project, feature.id))
  const { multivariate_options: variants } = feature
  const names = useMemo((): Names => {
    const called = new Map(segments.map(({ id, name }) => [id, name]))
    const known = new Map(variants.map((variant) => [variant.id, variantName(variant)]))
    return {
      segment: (id) => called.get(id) ?? `segment ${id}`,
      variant: (id) => known.get(id) ?? `variant ${id}`,
    }
  }, [segments, variants])
  return { segments, names }
}

/** Segments that a rule can still be made for. */
export function segmentsWithoutRule(segments: readonly Segment[], rules: readonly Rule[]): Segment[] {
  return segments.filter(
    ({ id, managed_by }) =>
      managed_by === '' && !rules.some(({ target }) => target.kind === 'segment' && target.segment === id),
  )
}
