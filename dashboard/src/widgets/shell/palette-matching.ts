import type { PaletteAction } from '../palette-actions'

const MOST = 40

export interface ActionGroup {
  group: string
  actions: PaletteAction[]
}

/** What fits the words, the best first, under its headings; each word must occur somewhere. */
export function matching(actions: readonly PaletteAction[], query: string): ActionGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const fitting = actions
    .map((action) => ({ action, rank: rank(action, words) }))
    .filter(({ rank }) => rank !== null)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
    .slice(0, MOST)
  const groups = new Map<string, PaletteAction[]>()
  for (const { action } of fitting) groups.set(action.group, [...(groups.get(action.group) ?? []), action])
  return [...groups].map(([group, found]) => ({ group, actions: found }))
}

/** 0 for a name that starts like the words, 1 for one that contains them, 2 for the rest; null for no match. */
function rank(action: PaletteAction, words: readonly string[]): number | null {
  const label = action.label.toLowerCase()
  const whole = `${label} ${action.group.toLowerCase()} ${action.about?.toLowerCase() ?? ''}`
  if (!words.every((word) => whole.includes(word))) return null
  if (words.length === 0 || label.startsWith(words[0] ?? '')) return 0
  return words.every((word) => label.includes(word)) ? 1 : 2
}
