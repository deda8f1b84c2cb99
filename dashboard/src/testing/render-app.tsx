import { createMemoryHistory } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Providers } from '@/app/providers'
import { makeRouter } from '@/app/router'
import { messageOf } from '@/lib/errors'
import { makeQueryClient } from '@/lib/query-client'
import { notifyFailed } from '@/ui/notify'
import { answering, aWorld, network, type World } from './network'

/** The whole dashboard at an address, over a network that answers from `world`. */
export function renderApp(path: string, given: Partial<World> = {}) {
  const world = aWorld(given)
  network.use(...answering(world))
  const queryClient = makeQueryClient((error) => notifyFailed(messageOf(error)))
  const router = makeRouter(queryClient, createMemoryHistory({ initialEntries: [path] }))
  render(<Providers queryClient={queryClient} router={router} />)
  return { user: userEvent.setup(), router, world }
}
