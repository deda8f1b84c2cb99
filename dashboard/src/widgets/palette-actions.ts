import type { Icon } from '@tabler/icons-react'
import { useEffect, useSyncExternalStore } from 'react'

export interface PaletteAction {
  id: string
  label: string
  /** The heading it stands under: "Features", "Actions". */
  group: string
  icon?: Icon
  about?: string
  run: () => void
}

let registered: readonly (readonly PaletteAction[])[] = []
const readers = new Set<() => void>()

/** Offers actions in the command palette for as long as the page is open. Keep the array stable with useMemo. */
export function usePaletteActions(actions: readonly PaletteAction[]): void {
  useEffect(() => {
    registered = [...registered, actions]
    readers.forEach((reader) => reader())
    return () => {
      registered = registered.filter((each) => each !== actions)
      readers.forEach((reader) => reader())
    }
  }, [actions])
}

export function useRegisteredActions(): readonly PaletteAction[] {
  return useSyncExternalStore(subscribe, () => registered).flat()
}

function subscribe(changed: () => void): () => void {
  readers.add(changed)
  return () => readers.delete(changed)
}
