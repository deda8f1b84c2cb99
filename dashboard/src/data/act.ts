import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query'

interface Consequences {
  /** What is out of date afterwards, whether it worked or not. */
  stale: readonly QueryKey[]
  /** The form that asked shows the refusal itself. */
  quiet?: boolean
}

/** One act and what it makes stale. */
export function useAct<Given = void, Told = unknown>(
  act: (given: Given) => Promise<Told>,
  { stale, quiet = false }: Consequences,
) {
  const queryClient = useQueryClient()
  return useMutation({
    meta: { quiet },
    mutationFn: act,
    onSettled: () => Promise.all(stale.map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  })
}
