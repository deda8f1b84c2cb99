/** The stream of everybody's changes. Also a worker reads this, so nothing here or below needs a document. */
import { z } from 'zod/mini'

/** What tabs are told. */
export const liveNews = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('live') }),
  /** Tried again until it is live; `why` is told where more than the stream is concerned. */
  z.object({ kind: z.literal('away'), why: z.nullable(z.enum(['unreachable', 'signed-out'])) }),
  z.object({ kind: z.literal('changed'), environment: z.number() }),
  /** Changed while nobody listened, so nothing tells by whom. */
  z.object({ kind: z.literal('missed'), environment: z.number() }),
])
export type LiveNews = z.infer<typeof liveNews>
export type Tell<News = LiveNews> = (news: News) => void

/** An environment at one revision. */
export interface Place {
  environment: number
  epoch: number
  revision: number
}

/** What a stream says; it begins with where all environments stand, and for how many milliseconds. */
export type StreamNews =
  | Extract<LiveNews, { kind: 'live' | 'away' }>
  | { kind: 'changed'; place: Place }
  | { kind: 'position'; places: readonly (Place & { age: number })[] }

const ticketShape = z.object({ ticket: z.string() })
const changeShape = z.object({ environment: z.number(), epoch: z.number(), revision: z.number() })
const positionShape = z.record(
  z.string(),
  z.object({ epoch: z.number(), revision: z.number(), age_ms: z.number() }),
)

const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000

/** Keeps a stream open with a new ticket each time, until the returned function is called. */
export function follow(server: string, tell: Tell<StreamNews>): () => void {
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
      tell({ kind: 'changed', place: changeShape.parse(JSON.parse(event.data)) })
    })
    stream.addEventListener('position', (event: MessageEvent<string>) => {
      tell({ kind: 'position', places: placesOf(event.data) })
    })
  }

  function again(news: StreamNews) {
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

function placesOf(text: string) {
  const told = Object.entries(positionShape.parse(JSON.parse(text)))
  return told.map(([id, { epoch, revision, age_ms }]) => ({
    environment: Number(id),
    epoch,
    revision,
    age: age_ms,
  }))
}

/** A ticket, or why there is none. */
async function ticketFrom(server: string): Promise<string | StreamNews> {
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
