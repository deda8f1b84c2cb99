import { beforeEach, expect, test, vi } from 'vitest'
import { LiveHub } from './live-hub'
import type { LiveNews, Place, StreamNews, Tell } from './live-stream'

const NOON = 1_000_000

interface Stream {
  tell: Tell<StreamNews>
  isOpen: boolean
}

let streams: Stream[] = []
const follow = (_server: string, tell: Tell<StreamNews>) => {
  const stream = { tell, isOpen: true }
  streams.push(stream)
  return () => {
    stream.isOpen = false
  }
}

beforeEach(() => {
  streams = []
  vi.useFakeTimers({ now: NOON })
  return () => vi.useRealTimers()
})

function aTab() {
  const heard: LiveNews[] = []
  return { heard, tell: (news: LiveNews) => void heard.push(news) }
}

const of = (environments: readonly number[], since = NOON) => ({ server: '', environments, since })
const place = (environment: number, revision: number): Place => ({ environment, epoch: 1, revision })
const changed = (environment: number, revision: number): StreamNews => ({
  kind: 'changed',
  place: place(environment, revision),
})
const stands = (environment: number, revision: number, age = 60_000): StreamNews => ({
  kind: 'position',
  places: [{ ...place(environment, revision), age }],
})
const missed = (environment: number): LiveNews => ({ kind: 'missed', environment })

test('tabs share one stream, and whoever comes later learns that it is live', () => {
  const hub = new LiveHub(follow)
  const [first, second] = [aTab(), aTab()]
  hub.enter(first.tell, of([1, 2]))
  streams[0]?.tell({ kind: 'live' })
  hub.enter(second.tell, of([2]))
  streams[0]?.tell(changed(2, 5))

  expect(streams).toHaveLength(1)
  expect(second.heard).toEqual([{ kind: 'live' }, { kind: 'changed', environment: 2 }])
  expect(first.heard).toEqual(second.heard)
})

test('the stream ends when the last tab goes, and begins again with the next', () => {
  const hub = new LiveHub(follow)
  const [first, second] = [aTab(), aTab()]
  hub.enter(first.tell, of([1]))
  hub.enter(second.tell, of([1]))
  hub.enter(second.tell, of([1]))
  hub.leave(first.tell)
  expect(streams).toHaveLength(1)
  expect(streams[0]?.isOpen).toBe(true)
  hub.leave(second.tell)
  hub.leave(second.tell)
  expect(streams[0]?.isOpen).toBe(false)

  hub.enter(first.tell, of([1]))
  expect(streams.map(({ isOpen }) => isOpen)).toEqual([false, true])
})

test('an environment that the stream does not know of gets a new one, and the old one ends when that is there', () => {
  const hub = new LiveHub(follow)
  const [first, second] = [aTab(), aTab()]
  hub.enter(first.tell, of([1]))
  streams[0]?.tell({ kind: 'live' })
  hub.enter(second.tell, of([7]))
  streams[0]?.tell(changed(1, 5))
  expect(streams.map(({ isOpen }) => isOpen)).toEqual([true, true])
  streams[1]?.tell({ kind: 'live' })

  expect(streams.map(({ isOpen }) => isOpen)).toEqual([false, true])
  expect(first.heard).toContainEqual({ kind: 'changed', environment: 1 })
})

test('whoever leaves while a new stream is on its way leaves nothing open', () => {
  const hub = new LiveHub(follow)
  const tab = aTab()
  hub.enter(tab.tell, of([1]))
  hub.enter(tab.tell, of([2]))
  hub.leave(tab.tell)

  expect(streams.map(({ isOpen }) => isOpen)).toEqual([false, false])
})

test('what changed since somebody reads and before the stream began is told to them alone', () => {
  const hub = new LiveHub(follow)
  const [early, late] = [aTab(), aTab()]
  hub.enter(early.tell, of([1, 2], NOON - 3_000))
  hub.enter(late.tell, of([1, 2], NOON - 500))
  vi.setSystemTime(NOON + 100)
  streams[0]?.tell(stands(1, 7, 1_000))
  streams[0]?.tell(stands(2, 7, 60_000))

  expect(early.heard).toEqual([missed(1)])
  expect(late.heard).toEqual([])
})

test('whoever comes to a stream that is open learns what changed since they read', () => {
  const hub = new LiveHub(follow)
  const [first, second, third] = [aTab(), aTab(), aTab()]
  hub.enter(first.tell, of([1, 2]))
  streams[0]?.tell({ kind: 'live' })
  vi.setSystemTime(NOON + 2_000)
  streams[0]?.tell(changed(2, 5))
  vi.setSystemTime(NOON + 3_000)
  hub.enter(second.tell, of([1, 2], NOON + 1_500))
  hub.enter(third.tell, of([1, 2], NOON + 2_500))

  expect(second.heard).toEqual([{ kind: 'live' }, missed(2)])
  expect(third.heard).toEqual([{ kind: 'live' }])
})

test('after a break only what changed meanwhile is missed, however long ago it was read', () => {
  const hub = new LiveHub(follow)
  const tab = aTab()
  hub.enter(tab.tell, of([1, 2, 3]))
  for (const environment of [1, 2, 3]) streams[0]?.tell(stands(environment, 5))
  streams[0]?.tell(changed(1, 6))
  streams[0]?.tell({ kind: 'away', why: null })
  // A computer that slept: nothing here counted the hours.
  streams[0]?.tell({ kind: 'live' })
  streams[0]?.tell(stands(1, 6, 7_200_000))
  streams[0]?.tell(stands(2, 6, 3_600_000))
  streams[0]?.tell(stands(3, 5, 9_000_000))

  expect(tab.heard.filter(({ kind }) => kind === 'missed')).toEqual([missed(2)])
})

test('a server that lags behind is believed only when it has caught up', () => {
  const hub = new LiveHub(follow)
  const tab = aTab()
  hub.enter(tab.tell, of([1]))
  streams[0]?.tell(changed(1, 6))
  streams[0]?.tell(stands(1, 5, 10))
  streams[0]?.tell(changed(1, 6))
  expect(tab.heard).toEqual([{ kind: 'changed', environment: 1 }])

  // After a restore the revisions begin anew, under another epoch.
  streams[0]?.tell({ kind: 'position', places: [{ environment: 1, epoch: 2, revision: 1, age: 10 }] })
  expect(tab.heard).toEqual([{ kind: 'changed', environment: 1 }, missed(1)])
})
