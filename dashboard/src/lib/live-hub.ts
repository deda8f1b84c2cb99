import { z } from 'zod/mini'
import type { LiveNews, Tell } from './live-stream'

/** What a tab says to the worker: what it wants to hear of, and that it is gone. */
export const wish = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('enter'), server: z.string(), environments: z.array(z.number()) }),
  z.object({ kind: z.literal('leave') }),
])
export type Wish = z.infer<typeof wish>

type Follow = (server: string, tell: Tell) => () => void

/** One stream for all who want to hear of changes; it ends when nobody is left. */
export class LiveHub {
  private readonly members = new Set<Tell>()
  /** A ticket names the environments of its moment, so whoever wants another one needs another ticket. */
  private readonly covered = new Set<number>()
  private state: LiveNews | null = null
  private stop: () => void = () => undefined

  constructor(private readonly follow: Follow) {}

  enter(member: Tell, server: string, environments: readonly number[]): void {
    const isCovered = this.members.size > 0 && environments.every((id) => this.covered.has(id))
    this.members.add(member)
    environments.forEach((id) => this.covered.add(id))
    if (!isCovered) this.open(server)
    else if (this.state) member(this.state)
  }

  leave(member: Tell): void {
    if (!this.members.delete(member) || this.members.size > 0) return
    this.stop()
    this.covered.clear()
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
      if (news.kind !== 'changed') this.state = news
      this.members.forEach((tell) => tell(news))
    })
    this.stop = () => {
      endBefore()
      end()
    }
  }
}
