import { SEMVER } from '@/data/segment-rules'
import type { DraftCondition } from './draft'
import { compareVersions, isVersion } from './version'

export type Trial = { fits: boolean } | { unknown: string }

/** Whether a value that somebody types would fit a pattern or a comparison of versions. */
export function tried({ choice, value }: Pick<DraftCondition, 'choice' | 'value'>, sample: string): Trial {
  if (choice === 'REGEX') return triedPattern(value, sample)
  if (!isVersion(value)) return { unknown: 'First give the version to compare with, such as 1.4.0.' }
  const order = compareVersions(sample.trim(), value)
  if (order === null) return { unknown: 'This is no version, so the condition does not hold.' }
  return { fits: FITS[choice.replace(SEMVER, '')]?.(order) ?? false }
}

const FITS: Readonly<Record<string, (order: number) => boolean>> = {
  EQUAL: (order) => order === 0,
  NOT_EQUAL: (order) => order !== 0,
  GREATER_THAN: (order) => order > 0,
  GREATER_THAN_INCLUSIVE: (order) => order >= 0,
  LESS_THAN: (order) => order < 0,
  LESS_THAN_INCLUSIVE: (order) => order <= 0,
}

// Patterns are held against the start of a value, as the server does; its dialect is not quite the browser's.
function triedPattern(pattern: string, sample: string): Trial {
  try {
    return { fits: new RegExp(`^(?:${pattern})`).test(sample) }
  } catch {
    return { unknown: 'This pattern cannot be tried in the browser; the server says when you save.' }
  }
}

export function canBeTried({ choice }: Pick<DraftCondition, 'choice'>): boolean {
  return choice === 'REGEX' || choice.endsWith(SEMVER)
}
