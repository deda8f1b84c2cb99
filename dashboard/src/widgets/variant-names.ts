import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { featuresOf, type Variant } from '@/data/features'
import { environmentsOf } from '@/data/places'
import { idFrom, type ProjectId } from '@/lib/ids'

export type VariantNames = ReadonlyMap<number, string>

/** What people call the variants of all features of a project: their key, else their value. */
export function useProjectVariants(project: ProjectId): VariantNames {
  const { data: environments } = useQuery(environmentsOf(project))
  const environment = environments?.[0]?.id
  const { data } = useQuery({
    ...featuresOf(project, environment ?? idFrom('1')),
    enabled: environment !== undefined,
  })
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
