import { useQuery } from '@tanstack/react-query'
import {
  organisations,
  environmentsOf,
  projectWith,
  type Environment,
  type Organisation,
  type Project,
} from '@/data/places'
import { idFrom } from '@/lib/ids'
import { lastEnvironment, lastProject, usePlace } from '@/widgets/place'
import type { SettingsScope } from './sections'

export interface SettingsPlace {
  organisation: Organisation | null
  project: Project | null
  environment: Environment | null
}

/** What the one navigation leads to: the place of the address, and below it the one that was used last. */
export function useSettingsPlace(): SettingsPlace {
  const here = usePlace()
  const last = here.project ? null : lastProject()
  const { data: remembered } = useQuery({ ...projectWith(last ?? idFrom('1')), enabled: last !== null })
  const { data: environments } = useQuery({
    ...environmentsOf(last ?? idFrom('1')),
    enabled: last !== null,
  })
  const { data: all } = useQuery(organisations)
  if (here.project) return here
  const isElsewhere = here.organisation && remembered?.organisation !== here.organisation.id
  const project = last === null || isElsewhere ? null : (remembered ?? null)
  const organisation =
    here.organisation ?? all?.find(({ id }) => id === project?.organisation) ?? all?.[0] ?? null
  const key = last === null ? null : lastEnvironment(last)
  const environment = project
    ? (environments?.find(({ api_key }) => api_key === key) ?? environments?.[0] ?? null)
    : null
  return { organisation, project, environment }
}

/** The address of the settings of a scope, or null where there is no such place. */
export function settingsPath(scope: SettingsScope, place: SettingsPlace): string | null {
  const { organisation, project, environment } = place
  switch (scope) {
    case 'account':
      return '/account'
    case 'server':
      return '/server'
    case 'organisation':
      return organisation && `/organisation/${organisation.id}/settings`
    case 'project':
      return project && `/project/${project.id}/settings`
    case 'environment':
      return project && environment && `/project/${project.id}/environment/${environment.api_key}/settings`
  }
}

export function titleOf(scope: SettingsScope, place: SettingsPlace): string {
  if (scope === 'account') return 'You'
  if (scope === 'server') return 'This server'
  return place[scope]?.name ?? ''
}
