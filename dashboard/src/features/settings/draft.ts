import { useState } from 'react'

/** What somebody has changed of what is saved, and has not saved yet. */
export function useDraft<Facts extends object>(saved: Facts) {
  const [changes, setChanges] = useState<Partial<Facts>>({})
  const draft: Facts = { ...saved, ...changes }
  const changed = changedFacts(saved, changes)
  return {
    draft,
    /** Only what differs, as a PATCH wants it. */
    changed,
    amount: Object.keys(changed).length,
    set: <Name extends keyof Facts>(name: Name, value: Facts[Name]) =>
      setChanges((before) => ({ ...before, [name]: value })),
    discard: () => setChanges({}),
  }
}

export function changedFacts<Facts extends object>(saved: Facts, changes: Partial<Facts>): Partial<Facts> {
  const now = new Map<string, unknown>(Object.entries(saved))
  const kept = Object.entries(changes).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(now.get(name)),
  )
  const facts: Partial<Facts> = {}
  return Object.assign(facts, Object.fromEntries(kept))
}
