import type { Feature, Tag } from '@/data/features'
import type { FlagSearch, Sort } from './flag-search'

/** The features that the search asks for, in its order. */
export function wanted(features: readonly Feature[], search: FlagSearch): Feature[] {
  const words = (search.search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const found = features.filter(
    (feature) => fits(feature, search) && words.every((word) => textOf(feature).includes(word)),
  )
  const order = ORDERS[search.sort ?? 'name']
  found.sort((one, other) => order(one, other) || ORDERS.name(one, other))
  return search.descending ? found.reverse() : found
}

function fits(feature: Feature, { tags, state, type, is_archived = false }: FlagSearch): boolean {
  return (
    feature.is_archived === is_archived &&
    (type === undefined || feature.type === type) &&
    (state === undefined || isOn(feature) === (state === 'on')) &&
    (tags ?? []).every((id) => feature.tags.some((tag) => tag === id))
  )
}

export function isOn(feature: Feature): boolean {
  return feature.environment_feature_state?.enabled ?? feature.default_enabled
}

export function overrideCount(feature: Feature): number {
  return (feature.num_segment_overrides ?? 0) + (feature.num_identity_overrides ?? 0)
}

export function tagsOfFeature(feature: Feature, tags: readonly Tag[]): Tag[] {
  return tags.filter((tag) => feature.tags.includes(tag.id))
}

/** Whether something is filtered, so that an empty list means "nothing fits" and not "nothing there". */
export function isFiltered({ search, tags, state, type, is_archived }: FlagSearch): boolean {
  return (
    Boolean(search) ||
    (tags ?? []).length > 0 ||
    state !== undefined ||
    type !== undefined ||
    is_archived === true
  )
}

function textOf(feature: Feature): string {
  const value = feature.environment_feature_state?.feature_state_value ?? ''
  return `${feature.name} ${feature.description ?? ''} ${String(value)}`.toLowerCase()
}

type Order = (one: Feature, other: Feature) => number

const ORDERS: Record<Sort, Order> = {
  name: (one, other) => one.name.localeCompare(other.name),
  created: (one, other) => one.created_date.localeCompare(other.created_date),
  state: (one, other) => Number(isOn(other)) - Number(isOn(one)),
  overrides: (one, other) => overrideCount(other) - overrideCount(one),
}

/** The wrong of a name for a new feature, in words. */
export function nameProblem(
  name: string,
  rules: { pattern: string | null; lowerCaseOnly: boolean },
): string | null {
  if (name === '') return 'Name the feature.'
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) return 'Use letters, digits, _ . and - only.'
  if (rules.lowerCaseOnly && name !== name.toLowerCase()) return 'This project wants lower-case names.'
  if (rules.pattern && !matchesWhole(name, rules.pattern))
    return `This project wants names that fit ${rules.pattern}`
  return null
}

function matchesWhole(name: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(name)
  } catch {
    return true // The server knows more kinds of patterns; it decides.
  }
}
