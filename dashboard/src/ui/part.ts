import { lazy, type ComponentType } from 'react'
import { notifyLate } from './notify'

const NEXT_TRY = 3_000

/**
 * A component whose code arrives when it is first drawn. `React.lazy` would keep a failure for as long as the page is open;
 * this one is asked for until it comes, for instance when the server is back.
 */
export function part<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(async () => {
    for (;;) {
      try {
        return await load()
      } catch {
        notifyLate()
        await new Promise((resolve) => setTimeout(resolve, NEXT_TRY))
      }
    }
  })
}
