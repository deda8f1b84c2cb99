import type { Rights } from './permission-switches'

/** How many rights two sets differ in; being an administrator counts as one. */
export function differences(saved: Rights, draft: Rights): number {
  const before = written(saved)
  const after = written(draft)
  const keys = new Set([...before.keys(), ...after.keys()])
  const changed = [...keys].filter((key) => before.get(key) !== after.get(key)).length
  return changed + (saved.admin === draft.admin ? 0 : 1)
}

function written({ permissions }: Rights): Map<string, string> {
  return new Map(permissions.map(({ key, tags }) => [key, [...tags].sort((a, b) => a - b).join()]))
}
