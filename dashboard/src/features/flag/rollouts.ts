import type { Segment } from '@/data/segments'
import type { Flag } from '@/data/targeting'

/** The flag with its own roll-out told from the rules for segments that people made. */
export function withRollouts(flag: Flag, segments: readonly Segment[]): Flag {
  return {
    ...flag,
    rules: flag.rules.map((rule) => {
      const { target } = rule
      if (target.kind === 'rollout') return rule
      const percentage = shareOf(segments.find(({ id }) => id === target.segment))
      return percentage === null ? rule : { ...rule, target: { kind: 'rollout', percentage } }
    }),
  }
}

/** How many per cent a roll-out reaches; null for any other segment. */
function shareOf(segment: Segment | undefined): number | null {
  if (!segment?.managed_by.startsWith('rollout')) return null
  const value = segment.rules[0]?.rules?.[0]?.conditions[0]?.value
  return value ? Number(value) : null
}
