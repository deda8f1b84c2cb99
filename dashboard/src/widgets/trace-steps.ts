import type { Decision, ToldFlag } from '@/data/explain'
import type { SegmentId } from '@/lib/ids'

/** One rule that was asked about a flag. */
export interface Step {
  id: string
  title: string
  words: string
  /** decided; held but a stronger one had decided; did not hold; was not needed. */
  outcome: 'decided' | 'outranked' | 'passed' | 'unasked'
  segment: SegmentId | null
  place: number | null
}

/** Every rule of a flag, the strongest first: the identity's own, segments by priority, the default. */
export function stepsOf(flag: ToldFlag): Step[] {
  const { kind, place } = flag.decided_by
  const own: Step = {
    id: 'identity',
    title: 'Override of this identity',
    words: kind === 'identity_override' ? 'decided' : 'none',
    outcome: kind === 'identity_override' ? 'decided' : 'unasked',
    segment: null,
    place: kind === 'identity_override' ? place : null,
  }
  const isDefault = kind === 'default' || kind === 'split'
  const last: Step = {
    id: 'default',
    title: 'Default of the environment',
    words: isDefault ? 'decided' : 'not needed',
    outcome: isDefault ? 'decided' : 'unasked',
    segment: null,
    place: isDefault ? place : null,
  }
  return [own, ...segmentSteps(flag), last]
}

function segmentSteps(flag: ToldFlag): Step[] {
  return [...flag.overrides]
    .sort((one, other) => (one.priority ?? Infinity) - (other.priority ?? Infinity))
    .map(({ segment, matched, decided }) => ({
      id: `segment-${segment.id}`,
      title: `Segment ${segment.name}`,
      words: decided ? 'decided' : matched ? 'matches, but something stronger decided' : 'does not match',
      outcome: decided ? 'decided' : matched ? 'outranked' : 'passed',
      segment: segment.id,
      place: decided ? flag.decided_by.place : null,
    }))
}

/** Why in half a sentence: "because it is in the segment Staff". */
export function outcomeWords({ decided_by, variant }: Pick<ToldFlag, 'decided_by' | 'variant'>): string {
  const share = variant && decided_by.place !== null ? `, variant ${variant}` : ''
  return `${reasonWords(decided_by)}${share}`
}

function reasonWords({ kind, segment }: Decision): string {
  switch (kind) {
    case 'identity_override':
      return 'by its own override'
    case 'segment':
      return `by the segment ${segment?.name ?? ''}`
    case 'split':
      return 'by its share of the default'
    case 'default':
      return 'by the default of the environment'
  }
}

export function placeWords(place: number): string {
  return `stands at ${(Math.round(place * 10) / 10).toString()} of 100`
}
