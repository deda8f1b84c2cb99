import { useEffect, useSyncExternalStore } from 'react'

export interface Shortcut {
  /** As a person presses it: "/", "c", "mod+k". */
  keys: string
  about: string
  run: () => void
}

let registered: readonly (readonly Shortcut[])[] = []
const readers = new Set<() => void>()

/** Keys of a page, listed by `?`. Not heard while somebody types or a dialog is open. Keep the array stable. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    registered = [...registered, shortcuts]
    readers.forEach((reader) => reader())
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.metaKey || event.ctrlKey || isBusy(event.target))
        return
      const hit = shortcuts.find(({ keys }) => keys === event.key)
      if (!hit) return
      event.preventDefault()
      hit.run()
    }
    document.addEventListener('keydown', listen)
    return () => {
      registered = registered.filter((each) => each !== shortcuts)
      readers.forEach((reader) => reader())
      document.removeEventListener('keydown', listen)
    }
  }, [shortcuts])
}

export function useRegisteredShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(subscribe, () => registered).flat()
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"]')) return true
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  )
}

function subscribe(changed: () => void): () => void {
  readers.add(changed)
  return () => readers.delete(changed)
}
