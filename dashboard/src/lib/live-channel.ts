import { serverUrl } from './facts'
import { LiveHub, type Wish } from './live-hub'
import { follow, liveNews, type Tell } from './live-stream'

/** By the clock that all tabs share. The page itself asks for the first lists, before this program has come. */
const OPENED = Date.now() - performance.now()

/** Tells of changes to these environments until the returned function is called: from a stream that all tabs share. */
export function listen(environments: readonly number[], tell: Tell): () => void {
  let stop: () => void = () => undefined
  const alone = () => {
    stop()
    const hub = new LiveHub(follow)
    hub.enter(tell, { server: serverUrl, environments, since: OPENED })
    stop = () => hub.leave(tell)
  }
  try {
    stop = share(environments, tell, alone)
  } catch {
    // A browser without such workers, or one that forbids them here.
    alone()
  }
  return () => stop()
}

function share(environments: readonly number[], tell: Tell, alone: () => void): () => void {
  const worker = new SharedWorker(new URL('./live-worker.ts', import.meta.url), { type: 'module' })
  const { port } = worker
  const say = (wish: Wish) => port.postMessage(wish)
  let since = OPENED
  const enter = () => say({ kind: 'enter', server: serverUrl, environments: [...environments], since })
  const leave = () => say({ kind: 'leave' })
  // Its file may be gone, when the server has another build by now.
  worker.onerror = alone
  port.onmessage = ({ data }: MessageEvent<unknown>) => tell(liveNews.parse(data))
  // A worker is not told when a tab goes; one that the browser keeps for "back" comes again.
  const hidden = () => {
    since = Date.now()
    leave()
  }
  const shown = ({ persisted }: PageTransitionEvent) => {
    if (persisted) enter()
  }
  addEventListener('pagehide', hidden)
  addEventListener('pageshow', shown)
  enter()
  return () => {
    worker.onerror = null
    removeEventListener('pagehide', hidden)
    removeEventListener('pageshow', shown)
    leave()
    port.close()
  }
}
