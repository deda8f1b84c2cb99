import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { environmentsOf, projectWith, type Environment, type Project } from '@/data/places'
import { idFrom, type ProjectId } from '@/lib/ids'

/** The project of a page below /project/$projectId; loaded before the page is. */
export function useProject(): Project {
  const { projectId } = useParams({ strict: false })
  return useSuspenseQuery(projectWith(idFrom<ProjectId>(projectId ?? ''))).data
}

/** The environment of a page below …/environment/$environmentKey; loaded before the page is. */
export function useEnvironment(): Environment {
  const { projectId, environmentKey } = useParams({ strict: false })
  const { data } = useSuspenseQuery(environmentsOf(idFrom<ProjectId>(projectId ?? '')))
  const found = data.find((environment) => environment.api_key === environmentKey)
  if (!found) throw new Error('There is no such environment, or you may not see it.')
  return found
}
