import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { allows, permissionsIn, type Place } from '@/data/permissions'

/** Whether whoever is signed in may do it there; false until it is known. */
export function useCan(permission: string, place: Place): boolean {
  const { data } = useQuery(permissionsIn(place))
  return allows(data, permission)
}

interface CanProps {
  do: string
  in: Place
  children: ReactNode
  otherwise?: ReactNode
}

/** Draws its children for those who may: `<Can do="CREATE_FEATURE" in={{ project }}>`. */
export function Can({ do: permission, in: place, children, otherwise = null }: CanProps) {
  return useCan(permission, place) ? children : otherwise
}
