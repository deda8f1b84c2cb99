import { SEMVER, type Condition, type Operator, type Rule, type RuleType } from '@/data/segment-rules'
import { listOf } from '@/widgets/segment-words'
import { isVersion } from './version'

const COMPARISONS = [
  'EQUAL',
  'NOT_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_INCLUSIVE',
  'LESS_THAN',
  'LESS_THAN_INCLUSIVE',
] as const

/** What is chosen between trait and value: an operator, or a comparison of versions. */
export type Choice = Operator | `${(typeof COMPARISONS)[number]}${typeof SEMVER}`

/** A condition while it is edited; `key` tells it from the others before the server has numbered it. */
export interface DraftCondition {
  key: number
  id?: number
  choice: Choice
  property: string
  value: string
  description: string | null
}

export interface DraftRule {
  key: number
  id?: number
  type: RuleType
  conditions: readonly DraftCondition[]
  rules: readonly DraftRule[]
}

let lastKey = 0

export function blankCondition(): DraftCondition {
  return { key: ++lastKey, choice: 'EQUAL', property: '', value: '', description: null }
}

export function blankRule(type: RuleType): DraftRule {
  return { key: ++lastKey, type, conditions: [blankCondition()], rules: [] }
}

export function draftOf(rules: readonly Rule[]): DraftRule[] {
  return rules.map(({ id, type, conditions, rules: nested = [] }) => ({
    key: ++lastKey,
    ...(id !== undefined && { id }),
    type,
    conditions: conditions.map(draftCondition),
    rules: draftOf(nested),
  }))
}

function draftCondition({ id, operator, property, value, description }: Condition): DraftCondition {
  const version = COMPARISONS.find((each) => each === operator && value?.endsWith(SEMVER))
  return {
    key: ++lastKey,
    ...(id !== undefined && { id }),
    choice: version ? `${version}${SEMVER}` : operator,
    property: property ?? '',
    value: version ? (value ?? '').slice(0, -SEMVER.length) : (value ?? ''),
    description: description ?? null,
  }
}

export function rulesOf(draft: readonly DraftRule[]): Rule[] {
  return draft.map(({ id, type, conditions, rules }) => ({
    ...(id !== undefined && { id }),
    type,
    conditions: conditions.map(conditionOf),
    rules: rulesOf(rules),
  }))
}

export function conditionOf({ id, choice, property, value, description }: DraftCondition): Condition {
  const version = COMPARISONS.find((each) => choice === `${each}${SEMVER}`)
  const operator = version ?? plainOf(choice)
  const hasValue = operator !== 'IS_SET' && operator !== 'IS_NOT_SET'
  return {
    ...(id !== undefined && { id }),
    operator,
    property: property.trim() === '' ? null : property,
    value: hasValue ? `${value}${version ? SEMVER : ''}` : null,
    description,
  }
}

function plainOf(choice: Choice): Operator {
  return PLAIN.find((each) => each === choice) ?? 'EQUAL'
}

const PLAIN: readonly Operator[] = [
  ...COMPARISONS,
  'IN',
  'CONTAINS',
  'NOT_CONTAINS',
  'REGEX',
  'MODULO',
  'IS_SET',
  'IS_NOT_SET',
  'PERCENTAGE_SPLIT',
]

/** Whether the definition differs from what is saved. */
export function isChanged(draft: readonly DraftRule[], saved: readonly Rule[]): boolean {
  return JSON.stringify(rulesOf(draft)) !== JSON.stringify(rulesOf(draftOf(saved)))
}

/** Of an IN condition: with commas between entries, as JSON when an entry has one itself. */
export function listText(entries: readonly string[]): string {
  const isPlain = entries.every((entry) => !entry.includes(',') && !entry.startsWith('['))
  return isPlain ? entries.join(',') : JSON.stringify(entries)
}

/** What keeps a condition from being saved, in words; null when nothing does. */
export function conditionProblem(condition: DraftCondition): string | null {
  const { choice, property, value } = condition
  if (property.trim() === '' && choice !== 'PERCENTAGE_SPLIT') return 'Name the trait.'
  switch (choice) {
    case 'IS_SET':
    case 'IS_NOT_SET':
    case 'EQUAL':
    case 'NOT_EQUAL':
      return null
    case 'IN':
      return listOf(value).length === 0 ? 'Add a value.' : null
    case 'MODULO':
      return modulo(value) ? null : 'Give a divisor and what is left over.'
    case 'PERCENTAGE_SPLIT':
      return isShare(value) ? null : 'Give a share from 0 to 100.'
    default:
      if (value === '') return 'Give a value.'
      return choice.endsWith(SEMVER) && !isVersion(value) ? 'A version looks like 1.4.0.' : null
  }
}

export function isShare(value: string): boolean {
  return value.trim() !== '' && Number(value) >= 0 && Number(value) <= 100
}

/** Divisor and remainder of "2|0". */
export function modulo(value: string): { divisor: number; remainder: number } | null {
  const parts = value.split('|')
  const [divisor, remainder] = parts.map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (parts.length !== 2 || divisor === undefined || remainder === undefined) return null
  return divisor !== 0 && Number.isFinite(divisor) && Number.isFinite(remainder)
    ? { divisor, remainder }
    : null
}

/** Whether something is missing in the draft, so that it can neither be saved nor counted. */
export function isComplete(draft: readonly DraftRule[]): boolean {
  return (
    draft.length > 0 &&
    draft.every(
      ({ conditions, rules }) =>
        conditions.every((condition) => conditionProblem(condition) === null) &&
        (rules.length === 0 || isComplete(rules)),
    )
  )
}

/** Whether anything of the definition is there to be read as a sentence. */
export function isWritten(draft: readonly DraftRule[]): boolean {
  return draft.some(
    ({ conditions, rules }) =>
      isWritten(rules) ||
      conditions.some(({ property, choice }) => property !== '' || choice === 'PERCENTAGE_SPLIT'),
  )
}
