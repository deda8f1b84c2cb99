/** The stream of everybody's changes. Also a worker reads this, so nothing here or below needs a document. */
import { z } from 'zod/mini'

export const liveNews = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('live') }),
  /** Tried again until it is live; `why` is told where more than the stream is concerned. */
  z.object({ kind: z.literal('away'), why: z.nullable(z.enum(['unreachable', 'signed-out'])) }),
  z.object({ kind: z.literal('changed'), environment: z.number() }),
])
export type LiveNews = z.infer<typeof liveNews>
export type Tell = (news: LiveNews) => void

const ticketShape = z.object({ ticket: z.string() })
const changeShape = z.object({ environment: z.number(), revision: z.number() })

const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000

/** Keeps a stream open with a new ticket each time, until the returned function is called. */
export function follow(server: string, tell: Tell): () => void {
  let stream: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_WAIT
  let stopped = false

  async function open() {
    const ticket = await ticketFrom(server)
    if (isStopped()) return
    if (typeof ticket !== 'string') return again(ticket)
    stream = new EventSource(`${server}/_burgee/live?ticket=${encodeURIComponent(ticket)}`)
    stream.onopen = () => {
      wait = FIRST_WAIT
      tell({ kind: 'live' })
    }
    stream.onerror = () => again({ kind: 'away', why: null })
    stream.addEventListener('environment_updated', (event: MessageEvent<string>) => {
      const { environment } = changeShape.parse(JSON.parse(event.data))
      tell({ kind: 'changed', environment })
    })
  }

  function again(news: LiveNews) {
    stream?.close()
    if (stopped) return
    tell(news)
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

/** A ticket, or why there is none. */
async function ticketFrom(server: string): Promise<string | LiveNews> {
  try {
    const answer = await fetch(`${server}/api/v1/live-tickets/`, {
      method: 'POST',
      credentials: 'include',
      headers: { 'Burgee-Session': 'cookie', Accept: 'application/json' },
    })
    if (answer.ok) return ticketShape.parse(await answer.json()).ticket
    if (answer.status === 401) return { kind: 'away', why: 'signed-out' }
    return { kind: 'away', why: [502, 503, 504].includes(answer.status) ? 'unreachable' : null }
  } catch {
    return { kind: 'away', why: 'unreachable' }
  }
}
