import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { noticeApi } from '@/lib/api-client'
import type { ProjectId } from '@/lib/ids'
import { listen } from '@/lib/live-channel'
import { keys } from './keys'
import type { Environment } from './places'

/** Changes that come one right after the other are read together: a list of a thousand rows is dear. */
const TOGETHER = 1_000

export type LiveState = 'connecting' | 'live' | 'away'

const watchers = new Set<(environment: Environment) => void>()

/** Told of every change that somebody makes; returns what stops it. */
export function onEnvironmentChange(watch: (environment: Environment) => void): () => void {
  watchers.add(watch)
  return () => watchers.delete(watch)
}

const NOT_OF_LISTS: readonly unknown[] = ['audit', 'environment', 'usage']

/** All that the pages of a project are made of, but not what each flag serves: of that the stream tells. */
export function readProjectAgain(queryClient: QueryClient, project: ProjectId): Promise<void> {
  return queryClient.invalidateQueries({
    queryKey: keys.project(project),
    predicate: ({ queryKey }) => !NOT_OF_LISTS.includes(queryKey[2]),
  })
}

/** Follows the changes of everybody and makes what they touch stale; says whether it hears anything. */
export function useLiveUpdates(project: ProjectId | null, environments: readonly Environment[]): LiveState {
  const queryClient = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => {
    if (project === null || environments.length === 0) return
    const changed = new Set<Environment>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const readAgain = () => {
      const stale = [keys.features(project), keys.segments(project), keys.audit(project)]
      const places = [...changed].map(({ api_key }) => keys.environment(project, api_key))
      for (const queryKey of [...stale, ...places]) void queryClient.invalidateQueries({ queryKey })
      changed.clear()
      timer = undefined
    }
    const mark = (environment: Environment) => {
      changed.add(environment)
      timer ??= setTimeout(readAgain, TOGETHER)
    }
    const tell = (environment: Environment) => {
      mark(environment)
      watchers.forEach((watch) => watch(environment))
    }
    const ids = environments.map(({ id }) => id)
    const forget = listen(ids, (news) => {
      if (news.kind === 'live' || news.kind === 'away') {
        setState(news.kind)
        if (news.kind === 'away' && news.why) noticeApi(news.why)
        return
      }
      const environment = environments.find(({ id }) => id === news.environment)
      if (!environment) return
      if (news.kind === 'changed') tell(environment)
      else mark(environment)
    })
    return () => {
      clearTimeout(timer)
      forget()
    }
  }, [queryClient, project, environments])
  return state
}
