import type { Question, TraitValue } from '@/data/explain'
import type { FeatureId } from '@/lib/ids'

/** Somebody to test as, as typed. */
export interface Who {
  identifier: string
  traits: readonly TypedTrait[]
}

export interface TypedTrait {
  key: string
  text: string
}

export const NOBODY: Who = { identifier: '', traits: [] }

/** What a typed trait means: 42 is a number, true a boolean, "42" in quotes and all else text. */
export function traitValue(text: string): TraitValue {
  const trimmed = text.trim()
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true'
  if (/^-?\d+(\.\d+)?$/.test(trimmed) && Number.isSafeInteger(Math.trunc(Number(trimmed))))
    return Number(trimmed)
  const quoted = /^"(.*)"$/s.exec(trimmed)
  return quoted ? (quoted[1] ?? '') : text
}

/** The inverse: what one would type to get the value. */
export function typed(value: TraitValue): string {
  return typeof value === 'string' && traitValue(value) !== value ? `"${value}"` : String(value)
}

export function questionOf({ identifier, traits }: Who, feature?: FeatureId): Question {
  const given = traits.filter(({ key }) => key.trim() !== '')
  return {
    ...(identifier.trim() && { identifier: identifier.trim() }),
    ...(given.length > 0 && {
      traits: Object.fromEntries(given.map(({ key, text }) => [key.trim(), traitValue(text)])),
    }),
    ...(feature !== undefined && { feature }),
  }
}
