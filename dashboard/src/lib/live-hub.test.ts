import { beforeEach, expect, test } from 'vitest'
import { LiveHub } from './live-hub'
import type { LiveNews, Tell } from './live-stream'

interface Stream {
  tell: Tell
  isOpen: boolean
}

let streams: Stream[] = []
const follow = (_server: string, tell: Tell) => {
  const stream = { tell, isOpen: true }
  streams.push(stream)
  return () => {
    stream.isOpen = false
  }
}

beforeEach(() => {
  streams = []
})

function aTab() {
  const heard: LiveNews[] = []
  return { heard, tell: (news: LiveNews) => void heard.push(news) }
}

test('tabs share one stream, and whoever comes later learns that it is live', () => {
  const hub = new LiveHub(follow)
  const [first, second] = [aTab(), aTab()]
  hub.enter(first.tell, '', [1, 2])
  streams[0]?.tell({ kind: 'live' })
  hub.enter(second.tell, '', [2])
  streams[0]?.tell({ kind: 'changed', environment: 2 })

  expect(streams).toHaveLength(1)
  expect(second.heard).toEqual([{ kind: 'live' }, { kind: 'changed', environment: 2 }])
  expect(first.heard).toEqual(second.heard)
})

test('the stream ends when the last tab goes, and begins again with the next', () => {
  const hub = new LiveHub(follow)
  const [first, second] = [aTab(), aTab()]
  hub.enter(first.tell, '', [1])
  hub.enter(second.tell, '', [1])
  hub.enter(second.tell, '', [1])
  hub.leave(first.tell)
  expect(streams).toHaveLength(1)
  expect(streams[0]?.isOpen).toBe(true)
  hub.leave(second.tell)
  hub.leave(second.tell)
  expect(streams[0]?.isOpen).toBe(false)

  hub.enter(first.tell, '', [1])
  expect(streams.map(({ isOpen }) => isOpen)).toEqual([false, true])
})

test('an environment that the stream does not know of gets a new one, and the old one ends when that is there', () => {
  const hub = new LiveHub(follow)
  const [first, second] = [aTab(), aTab()]
  hub.enter(first.tell, '', [1])
  streams[0]?.tell({ kind: 'live' })
  hub.enter(second.tell, '', [7])
  streams[0]?.tell({ kind: 'changed', environment: 1 })
  expect(streams.map(({ isOpen }) => isOpen)).toEqual([true, true])
  streams[1]?.tell({ kind: 'live' })

  expect(streams.map(({ isOpen }) => isOpen)).toEqual([false, true])
  expect(first.heard).toContainEqual({ kind: 'changed', environment: 1 })
})

test('whoever leaves while a new stream is on its way leaves nothing open', () => {
  const hub = new LiveHub(follow)
  const tab = aTab()
  hub.enter(tab.tell, '', [1])
  hub.enter(tab.tell, '', [2])
  hub.leave(tab.tell)

  expect(streams.map(({ isOpen }) => isOpen)).toEqual([false, false])
})
