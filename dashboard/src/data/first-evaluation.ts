import { queryOptions } from '@tanstack/react-query'
import { answered, ask } from '@/lib/api-client'
import type { EnvironmentKey, ProjectId } from '@/lib/ids'
import { keys } from './keys'

interface FirstEvaluation {
  first_evaluated_at: string | null
  first_evaluated_sdk_label: string | null
}

const LOOK_AGAIN = 2_000

/** When an SDK asked for flags of the environment for the first time; asked again until one did. */
export const firstEvaluationOf = (project: ProjectId, environment: EnvironmentKey) =>
  queryOptions({
    queryKey: [...keys.environment(project, environment), 'first-evaluation'] as const,
    queryFn: ({ signal }) =>
      answered<FirstEvaluation>(
        ask(`/api/v1/environments/${encodeURIComponent(environment)}/onboarding-status/`, { signal }),
      ),
    refetchInterval: ({ state }) => (state.data?.first_evaluated_at ? false : LOOK_AGAIN),
  })
