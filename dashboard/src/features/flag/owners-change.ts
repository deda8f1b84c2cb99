import type { OwnersChange } from '@/data/flag'
import { idFrom, type UserId } from '@/lib/ids'

/** Who comes and who goes, from "user-1" and "group-2" before and after. */
export function ownersChange(before: readonly string[], after: readonly string[]): OwnersChange {
  const come = after.filter((each) => !before.includes(each))
  const gone = before.filter((each) => !after.includes(each))
  return {
    users: { add: users(come), remove: users(gone) },
    groups: { add: groups(come), remove: groups(gone) },
  }
}

function users(chosen: readonly string[]): UserId[] {
  return numbered(chosen, 'user-').map((id) => idFrom<UserId>(id))
}

function groups(chosen: readonly string[]): number[] {
  return numbered(chosen, 'group-').map(Number)
}

function numbered(chosen: readonly string[], prefix: string): string[] {
  return chosen.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length))
}
