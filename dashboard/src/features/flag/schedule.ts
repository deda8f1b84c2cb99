import type { SegmentId } from '@/lib/ids'
import type { Rule } from '@/data/targeting'
import { versionState, type VersionBody } from '@/data/versions'
import { sameRules, sameState, type EnvironmentDraft } from './draft'

interface SegmentRule extends Rule {
  target: { kind: 'segment'; segment: SegmentId }
}

function isForSegment(rule: Rule): rule is SegmentRule {
  return rule.target.kind === 'segment'
}

/** What keeps a draft from waiting for a later moment, in words; null for nothing. */
export function whyNotLater({ base, flag, individuals }: EnvironmentDraft): string | null {
  if (individuals.length > 0) return 'What individuals get changes at once and cannot wait.'
  const hasRollout = [...base.rules, ...flag.rules].some((rule) => !isForSegment(rule))
  if (hasRollout && !sameRules(base.rules, flag.rules))
    return 'Rules beside a roll-out change at once and cannot wait.'
  return null
}

/** The draft as a version to come: only what differs, but rules all of them in their order. */
export function versionOf({ base, flag }: EnvironmentDraft): VersionBody {
  const whole = sameState(base.default, flag.default) ? [] : [versionState(flag.default)]
  if (sameRules(base.rules, flag.rules))
    return {
      feature_states_to_update: whole,
      feature_states_to_create: [],
      segment_ids_to_delete_overrides: [],
    }
  const segmentsOf = (rules: readonly Rule[]) =>
    rules.filter(isForSegment).map(({ target }) => target.segment)
  const before = segmentsOf(base.rules)
  const after = segmentsOf(flag.rules)
  const rules = flag.rules.filter(isForSegment).map((rule, priority) => ({
    isNew: !before.includes(rule.target.segment),
    body: { ...versionState(rule), feature_segment: { segment: rule.target.segment, priority } },
  }))
  return {
    feature_states_to_update: [...whole, ...rules.filter(({ isNew }) => !isNew).map(({ body }) => body)],
    feature_states_to_create: rules.filter(({ isNew }) => isNew).map(({ body }) => body),
    segment_ids_to_delete_overrides: before.filter((segment) => !after.includes(segment)),
  }
}
