import { useQuery } from '@tanstack/react-query'
import { me, ownFlagsOf } from '@/data/account'
import { BUILT_IN, type OwnFlag, type OwnFlagName } from '@/lib/own-flags'

/** One of the dashboard's own flags, for whoever looks at it. */
export function useOwnFlag(name: OwnFlagName): OwnFlag {
  const { data: person } = useQuery({ ...me, enabled: false })
  const { data } = useQuery(ownFlagsOf(person?.email ?? null))
  return data?.[name] ?? BUILT_IN[name]
}
