import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { z } from 'zod/mini'
import { answered, api } from '@/lib/api-client'
import { serverUrl } from '@/lib/facts'
import type { ProjectId } from '@/lib/ids'
import { keys } from './keys'
import type { Environment } from './places'

const changeShape = z.object({ environment: z.number(), revision: z.number() })

const FIRST_WAIT = 1_000
/** Changes that come one right after the other are read together: a list of a thousand rows is dear. */
const TOGETHER = 1_000
const LONGEST_WAIT = 30_000

export type LiveState = 'connecting' | 'live' | 'away'

const watchers = new Set<(environment: Environment) => void>()

/** Told of every change that somebody makes; returns what stops it. */
export function onEnvironmentChange(watch: (environment: Environment) => void): () => void {
  watchers.add(watch)
  return () => watchers.delete(watch)
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
    const forget = follow(setState, (id) => {
      const environment = environments.find((each) => each.id === id)
      if (!environment) return
      changed.add(environment)
      timer ??= setTimeout(readAgain, TOGETHER)
      watchers.forEach((watch) => watch(environment))
    })
    return () => {
      clearTimeout(timer)
      forget()
    }
  }, [queryClient, project, environments])
  return state
}

/** Keeps a stream open with a new ticket each time, until the returned function is called. */
function follow(tell: (state: LiveState) => void, onChange: (environment: number) => void): () => void {
  let stream: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_WAIT
  let stopped = false

  async function open() {
    try {
      const { ticket } = await answered<{ ticket: string }>(api.POST('/api/v1/live-tickets/'))
      if (isStopped()) return
      stream = new EventSource(`${serverUrl}/_burgee/live?ticket=${encodeURIComponent(ticket)}`)
      stream.onopen = () => {
        wait = FIRST_WAIT
        tell('live')
      }
      stream.onerror = again
      stream.addEventListener('environment_updated', (event: MessageEvent<string>) => {
        onChange(changeShape.parse(JSON.parse(event.data)).environment)
      })
    } catch {
      again()
    }
  }

  function again() {
    stream?.close()
    if (stopped) return
    tell('away')
    clearTimeout(timer)
    timer = setTimeout(() => void open(), wait * (0.75 + Math.random() / 2))
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }

  const isStopped = () => stopped
  void open()
  return () => {
    stopped = true
    clearTimeout(timer)
    stream?.close()
  }
}
