import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import {
  environmentsOf,
  organisations,
  projectWith,
  type Environment,
  type Organisation,
  type Project,
} from '@/data/places'
import { environmentKeyFrom, idFrom, type OrganisationId, type ProjectId } from '@/lib/ids'
import { remember, remembered } from '@/lib/storage'

export interface CurrentPlace {
  organisation: Organisation | null
  project: Project | null
  environment: Environment | null
  environments: readonly Environment[]
}

const NONE: readonly Environment[] = []

/** Where the address says that we are. On pages of the whole project the environment is the one used last. */
export function usePlace(): CurrentPlace {
  const params = useParams({ strict: false })
  const projectId = params.projectId ? idFrom<ProjectId>(params.projectId) : null
  const { data: all } = useQuery(organisations)
  const { data: project = null } = useQuery({
    ...projectWith(projectId ?? idFrom('1')),
    enabled: projectId !== null,
  })
  const { data: environments = NONE } = useQuery({
    ...environmentsOf(projectId ?? idFrom('1')),
    enabled: projectId !== null,
  })
  const organisationId = params.organisationId
    ? idFrom<OrganisationId>(params.organisationId)
    : project?.organisation
  const key = params.environmentKey ?? (projectId ? remembered(`environment-of-${projectId}`) : null)
  return {
    organisation: all?.find(({ id }) => id === organisationId) ?? null,
    project: projectId === null ? null : project,
    environments: projectId === null ? NONE : environments,
    environment: environments.find((environment) => environment.api_key === key) ?? environments[0] ?? null,
  }
}

/** So that the next visit and the pages of the whole project come back here. */
export function rememberPlace(projectId: ProjectId, key: string): void {
  remember('project', String(projectId))
  remember(`environment-of-${projectId}`, key)
}

export function lastProject(): ProjectId | null {
  const text = remembered('project')
  return text ? idFrom<ProjectId>(text) : null
}

export function lastEnvironment(projectId: ProjectId) {
  const text = remembered(`environment-of-${projectId}`)
  return text ? environmentKeyFrom(text) : null
}
