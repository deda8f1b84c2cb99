import { z } from 'zod/mini'
import type { LiveNews, Place, StreamNews, Tell } from './live-stream'

/** What a tab says to the worker: what it wants to hear of and since when it reads, and that it is gone. */
export const wish = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('enter'),
    server: z.string(),
    environments: z.array(z.number()),
    since: z.number(),
  }),
  z.object({ kind: z.literal('leave') }),
])
export type Wish = z.infer<typeof wish>

/** What a tab wants to hear of, and the moment since when it reads. */
type Interest = Pick<Extract<Wish, { kind: 'enter' }>, 'server' | 'since'> & {
  environments: readonly number[]
}

type Follow = (server: string, tell: Tell<StreamNews>) => () => void

/** One stream for all who want to hear of changes; it ends when nobody is left. */
export class LiveHub {
  /** With the moment since when each of them reads: what changed after that they may not have seen. */
  private readonly members = new Map<Tell, number>()
  /** A ticket names the environments of its moment, so whoever wants another one needs another ticket. */
  private readonly covered = new Set<number>()
  /** Where each environment stands, and the moment when it came there, or a little later. */
  private readonly known = new Map<number, Place & { since: number }>()
  private state: LiveNews | null = null
  private stop: () => void = () => undefined

  constructor(private readonly follow: Follow) {}

  enter(member: Tell, { server, environments, since }: Interest): void {
    const isCovered = this.members.size > 0 && environments.every((id) => this.covered.has(id))
    this.members.set(member, since)
    environments.forEach((id) => this.covered.add(id))
    if (!isCovered) this.open(server)
    else if (this.state) member(this.state)
    for (const place of this.known.values())
      if (place.since > since) member({ kind: 'missed', environment: place.environment })
  }

  leave(member: Tell): void {
    if (!this.members.delete(member) || this.members.size > 0) return
    this.stop()
    this.covered.clear()
    this.known.clear()
    this.state = null
  }

  /** The stream before goes on until this one says something, so that no change falls between them. */
  private open(server: string): void {
    let before: (() => void) | null = this.stop
    const endBefore = () => {
      before?.()
      before = null
    }
    const end = this.follow(server, (news) => {
      endBefore()
      this.hear(news)
    })
    this.stop = () => {
      endBefore()
      end()
    }
  }

  private hear(news: StreamNews): void {
    if (news.kind === 'position') news.places.forEach((place) => this.compare(place))
    else if (news.kind === 'changed') this.pass(news.place)
    else {
      this.state = news
      this.members.forEach((_, tell) => tell(news))
    }
  }

  private pass(place: Place): void {
    if (this.learn(place, Date.now()))
      this.members.forEach((_, tell) => tell({ kind: 'changed', environment: place.environment }))
  }

  /** A stream begins: whoever was here misses what came since the last one, whoever is new what came since they read. */
  private compare(place: Place & { age: number }): void {
    const since = Date.now() - place.age
    const wasKnown = this.known.has(place.environment)
    if (!this.learn(place, since)) return
    this.members.forEach((readSince, tell) => {
      if (wasKnown || since > readSince) tell({ kind: 'missed', environment: place.environment })
    })
  }

  /** Whether this is newer than what was known. */
  private learn({ environment, epoch, revision }: Place, since: number): boolean {
    const old = this.known.get(environment)
    if (old && (epoch - old.epoch || revision - old.revision) <= 0) return false
    this.known.set(environment, { environment, epoch, revision, since })
    return true
  }
}
