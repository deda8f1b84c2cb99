import { OPERATOR_WORDS } from '@/widgets/segment-words'
import { SEMVER, type Operator } from '@/data/segment-rules'
import type { Choice } from './draft'

const plain = (value: Operator): { value: Choice; label: string } => ({ value, label: OPERATOR_WORDS[value] })
const COMPARED = [
  'EQUAL',
  'NOT_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_INCLUSIVE',
  'LESS_THAN',
  'LESS_THAN_INCLUSIVE',
] as const

/** All operators in words, by what one wants to say. */
export const CHOICES: { group: string; items: { value: Choice; label: string }[] }[] = [
  {
    group: 'Text',
    items: [plain('EQUAL'), plain('NOT_EQUAL'), plain('IN'), plain('CONTAINS'), plain('NOT_CONTAINS')],
  },
  {
    group: 'Number',
    items: [
      plain('GREATER_THAN'),
      plain('GREATER_THAN_INCLUSIVE'),
      plain('LESS_THAN'),
      plain('LESS_THAN_INCLUSIVE'),
      plain('MODULO'),
    ],
  },
  {
    group: 'Version',
    items: COMPARED.map((value) => ({
      value: `${value}${SEMVER}` as const,
      label: `${OPERATOR_WORDS[value]} version`,
    })),
  },
  { group: 'Pattern', items: [{ value: 'REGEX', label: 'fits the pattern' }] },
  { group: 'Presence', items: [plain('IS_SET'), plain('IS_NOT_SET')] },
  { group: 'Share', items: [{ value: 'PERCENTAGE_SPLIT', label: 'is in a share of' }] },
]

export function choiceFrom(value: string | null): Choice | null {
  return CHOICES.flatMap(({ items }) => items).find((item) => item.value === value)?.value ?? null
}
