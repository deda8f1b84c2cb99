import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { server } from '@/data/account'
import { LOOK_NOW_AND_THEN } from '@/data/look-again'
import { serverAnswers, watchApi } from '@/lib/api-client'

const LOOK_AGAIN = 2_000

let isAway = false
const readers = new Set<() => void>()
const recoveries = new Set<() => void>()

function setAway(next: boolean): void {
  if (isAway === next) return
  isAway = next
  readers.forEach((reader) => reader())
  if (next) void lookAgain()
  else recoveries.forEach((recover) => recover())
}

async function lookAgain(): Promise<void> {
  while (isAway) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN))
    if (await serverAnswers()) setAway(false)
  }
}

watchApi((notice) => {
  if (notice === 'unreachable') setAway(true)
})

/** Called each time the server answers again after it did not. */
export function onRecovery(recover: () => void): () => void {
  recoveries.add(recover)
  return () => recoveries.delete(recover)
}

export function useIsAway(): boolean {
  return useSyncExternalStore(
    (changed) => {
      readers.add(changed)
      return () => readers.delete(changed)
    },
    () => isAway,
  )
}

/** Asks the server for a sign of life now and then, so that a page that asks for nothing else notices, too. */
export function useWatchedServer(): void {
  useQuery({ ...server, staleTime: LOOK_NOW_AND_THEN, refetchInterval: LOOK_NOW_AND_THEN })
}
