import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { featuresOf, type Variant } from '@/data/features'
import type { Environment } from '@/data/places'
import type { ProjectId } from '@/lib/ids'
import type { VariantNames } from './model'

/** What people call the variants of all features: their key, else their value. */
export function useVariantNames(project: ProjectId, environment: Environment): VariantNames {
  const { data } = useQuery(featuresOf(project, environment.id))
  return useMemo(
    () =>
      new Map(
        (data ?? []).flatMap((feature) =>
          feature.multivariate_options.map((each) => [each.id, nameOf(each)]),
        ),
      ),
    [data],
  )
}

function nameOf({ id, key, string_value, integer_value, boolean_value }: Variant): string {
  return key ?? string_value ?? String(integer_value ?? boolean_value ?? `variant ${id}`)
}
