import type { ToldFlag } from '@/data/explain'
import type { FlagValue, Variant } from '@/data/features'
import type { DraftBody, TypedValue } from '@/data/targeting'
import type { IdentityId } from '@/lib/ids'

/** What an identity shall get whatever the rules say, as typed. */
export interface OverrideDraft {
  enabled: boolean
  text: string
  /** The variant that it always gets; null for the value. */
  variant: number | null
}

export function draftOf(flag: ToldFlag, variants: readonly Variant[]): OverrideDraft {
  const variant = variants.find(({ key }) => key !== null && key === flag.variant)
  return { enabled: flag.enabled, text: typedFlagValue(flag.value), variant: variant?.id ?? null }
}

/** 42 is a number, true a boolean, "42" in quotes and all else text, nothing is no value. */
export function flagValue(text: string): TypedValue | null {
  if (text === '') return null
  if (text === 'true' || text === 'false') return { type: 'boolean', value: text }
  if (/^-?\d{1,10}$/.test(text)) return { type: 'integer', value: text }
  const quoted = /^"(.*)"$/s.exec(text)
  return { type: 'string', value: quoted ? (quoted[1] ?? '') : text }
}

export function typedFlagValue(value: FlagValue): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  return value !== '' && flagValue(value)?.type === 'string' && !/^".*"$/s.test(value) ? value : `"${value}"`
}

/** What is sent for one identity; null takes its override away. */
export function overrideBody(
  identity: IdentityId,
  draft: OverrideDraft | null,
  variants: readonly Variant[],
): DraftBody {
  if (draft === null) return { identity_overrides: [{ identity: { id: identity }, remove: true }] }
  const weights = variants.map(({ id }) => ({ id, weight: id === draft.variant ? 100 : 0 }))
  const override = {
    identity: { id: identity },
    enabled: draft.enabled,
    value: flagValue(draft.text),
    ...(variants.length > 0 && { variants: weights }),
  }
  return { identity_overrides: [override] }
}

export function variantName(variant: Variant): string {
  const value = variant.string_value ?? variant.integer_value ?? variant.boolean_value
  return variant.key ?? String(value ?? `variant ${variant.id}`)
}
