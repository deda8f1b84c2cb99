import { useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { environmentsOf, type Environment } from '@/data/places'
import { flagIn, segmentsFor, type Flag } from '@/data/targeting'
import type { EnvironmentKey, FeatureId, ProjectId } from '@/lib/ids'
import { draftIn, NO_DRAFT, withEnvironment, type Draft, type EnvironmentDraft } from './draft'
import { withRollouts } from './rollouts'

/** A flag in an environment as it is now, and as it would be after saving. */
export interface FlagHere {
  environment: Environment
  live: Flag
  draft: EnvironmentDraft
  isDrafted: boolean
  change: (next: EnvironmentDraft) => void
}

export interface Drafting {
  all: readonly FlagHere[]
  drafted: readonly FlagHere[]
  setDraft: (draft: Draft) => void
  discard: () => void
}

/** The one draft of the page, over the flag in all environments. */
export function useDraft(project: ProjectId, feature: FeatureId): Drafting {
  const { data: environments } = useSuspenseQuery(environmentsOf(project))
  const { data: segments } = useSuspenseQuery(segmentsFor(project, feature))
  const flags = useSuspenseQueries({
    queries: environments.map(({ api_key }) => flagIn(project, api_key, feature)),
    combine: (results) => results.map(({ data }) => data),
  })
  const [draft, setDraft] = useState(NO_DRAFT)
  const all = useMemo(
    () =>
      environments.flatMap((environment, place): FlagHere[] => {
        const told = flags[place]
        if (!told) return []
        const live = withRollouts(told, segments)
        const key = environment.api_key
        return [
          {
            environment,
            live,
            draft: draftIn(draft, key, live),
            isDrafted: draft.has(key),
            change: (next) => setDraft((before) => withEnvironment(before, key, next)),
          },
        ]
      }),
    [environments, flags, segments, draft],
  )
  const drafted = useMemo(() => all.filter(({ isDrafted }) => isDrafted), [all])
  return { all, drafted, setDraft, discard: () => setDraft(NO_DRAFT) }
}

export function isStale({ draft, live, isDrafted }: FlagHere): boolean {
  return isDrafted && draft.base.changeNumber !== live.changeNumber
}

export function hereIn(all: readonly FlagHere[], key: EnvironmentKey): FlagHere {
  const found = all.find(({ environment }) => environment.api_key === key)
  if (!found) throw new Error('There is no such environment, or you may not see it.')
  return found
}
