import { MutationCache, QueryClient } from '@tanstack/react-query'
import { ApiError, Unreachable } from './errors'

declare module '@tanstack/react-query' {
  interface Register {
    /** `quiet`: the screen shows the error itself, for instance on the fields of a form. */
    mutationMeta: { quiet?: boolean }
  }
}

/** `tell` shows an error of an act that no screen shows itself. */
export function makeQueryClient(tell: (error: Error) => void): QueryClient {
  return new QueryClient({
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        if (!mutation.meta?.quiet) tell(error)
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        networkMode: 'always',
        retry: (failures, error) =>
          failures < 1 && !(error instanceof ApiError) && !(error instanceof Unreachable),
      },
      mutations: { networkMode: 'always' },
    },
  })
}
