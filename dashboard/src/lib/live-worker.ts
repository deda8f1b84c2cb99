/** The worker that all tabs share: a browser has only six connections to a server, and each stream keeps one. */
import { LiveHub, wish } from './live-hub'
import { follow, type LiveNews } from './live-stream'

const hub = new LiveHub(follow)

addEventListener('connect', (event) => {
  const [port] = event instanceof MessageEvent ? event.ports : []
  if (!port) return
  const tell = (news: LiveNews) => port.postMessage(news)
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    const wanted = wish.parse(data)
    if (wanted.kind === 'enter') hub.enter(tell, wanted)
    else hub.leave(tell)
  }
})
