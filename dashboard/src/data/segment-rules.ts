/** The shape of a segment's definition, as the API reads and tells it. */
export const OPERATORS = [
  'EQUAL',
  'NOT_EQUAL',
  'IN',
  'CONTAINS',
  'NOT_CONTAINS',
  'GREATER_THAN',
  'GREATER_THAN_INCLUSIVE',
  'LESS_THAN',
  'LESS_THAN_INCLUSIVE',
  'REGEX',
  'MODULO',
  'IS_SET',
  'IS_NOT_SET',
  'PERCENTAGE_SPLIT',
] as const

export type Operator = (typeof OPERATORS)[number]

export const RULE_TYPES = ['ALL', 'ANY', 'NONE'] as const

export type RuleType = (typeof RULE_TYPES)[number]

export interface Condition {
  id?: number
  operator: Operator
  property: string | null
  value: string | null
  description?: string | null
}

export interface Rule {
  id?: number
  type: RuleType
  conditions: Condition[]
  rules?: Rule[]
}

/** What a condition's value ends with when versions are compared, not texts. */
export const SEMVER = ':semver'

/** What may be looked at besides traits. */
export const OF_THE_IDENTITY = [
  { property: '$.identity.identifier', words: 'identifier' },
  { property: '$.identity.key', words: 'identity key' },
  { property: '$.environment.name', words: 'environment' },
] as const
