import { useSyncExternalStore } from 'react'

let asked = 0
const readers = new Set<() => void>()

export function openPalette(): void {
  asked += 1
  readers.forEach((reader) => reader())
}

/** How often the palette was asked for; its code arrives with the first time. */
export function usePaletteAsked(): number {
  return useSyncExternalStore(
    (changed) => {
      readers.add(changed)
      return () => readers.delete(changed)
    },
    () => asked,
  )
}
