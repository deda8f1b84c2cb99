import { serverUrl } from './facts'
import type { Wish } from './live-hub'
import { follow, liveNews, type Tell } from './live-stream'

/** Tells of changes to these environments until the returned function is called: from a stream that all tabs share. */
export function listen(environments: readonly number[], tell: Tell): () => void {
  let stop: () => void = () => undefined
  const alone = () => {
    stop()
    stop = follow(serverUrl, tell)
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
  const enter = () => say({ kind: 'enter', server: serverUrl, environments: [...environments] })
  const leave = () => say({ kind: 'leave' })
  // Its file may be gone, when the server has another build by now.
  worker.onerror = alone
  port.onmessage = ({ data }: MessageEvent<unknown>) => tell(liveNews.parse(data))
  // A worker is not told when a tab goes; one that the browser keeps for "back" comes again.
  addEventListener('pagehide', leave)
  addEventListener('pageshow', enter)
  enter()
  return () => {
    worker.onerror = null
    removeEventListener('pagehide', leave)
    removeEventListener('pageshow', enter)
    leave()
    port.close()
  }
}
