import { OF_THE_IDENTITY, SEMVER, type Condition, type Operator, type Rule } from '@/data/segment-rules'

/** A piece of a sentence: names and values are drawn as code. */
export interface Word {
  kind: 'words' | 'joint' | 'name' | 'value'
  text: string
}

export const OPERATOR_WORDS: Readonly<Record<Operator, string>> = {
  EQUAL: 'is',
  NOT_EQUAL: 'is not',
  IN: 'is one of',
  CONTAINS: 'contains',
  NOT_CONTAINS: 'does not contain',
  GREATER_THAN: 'is more than',
  GREATER_THAN_INCLUSIVE: 'is at least',
  LESS_THAN: 'is less than',
  LESS_THAN_INCLUSIVE: 'is at most',
  REGEX: 'fits',
  MODULO: 'divided by',
  IS_SET: 'is set',
  IS_NOT_SET: 'is not set',
  PERCENTAGE_SPLIT: 'is in the first',
}

/** "plan" for a trait; what is no trait by its everyday name. */
export function propertyWords(property: string): string {
  return OF_THE_IDENTITY.find((known) => known.property === property)?.words ?? property
}

/** One condition in words: plan is pro. */
export function conditionWords({ operator, property, value }: Condition): Word[] {
  const name = named(property)
  switch (operator) {
    case 'IS_SET':
    case 'IS_NOT_SET':
      return [name, words(OPERATOR_WORDS[operator])]
    case 'PERCENTAGE_SPLIT':
      return [literal(`${value ?? '?'} %`), ...(property ? [words('by'), name] : [words('of identities')])]
    case 'MODULO': {
      const [divisor = '?', rest = '?'] = (value ?? '').split('|')
      return [name, words('divided by'), literal(divisor || '?'), words('leaves'), literal(rest || '?')]
    }
    case 'IN':
      return [name, words(OPERATOR_WORDS.IN), literal(listOf(value ?? '').join(', ') || '?')]
    default:
      if (value?.endsWith(SEMVER))
        return [name, words(`${OPERATOR_WORDS[operator]} version`), literal(value.slice(0, -SEMVER.length))]
      return [name, words(OPERATOR_WORDS[operator]), literal(shownText(value))]
  }
}

/** The entries of an IN condition: an array in JSON, else a text with commas. */
export function listOf(text: string): string[] {
  if (text.startsWith('[')) {
    try {
      const told: unknown = JSON.parse(text)
      if (Array.isArray(told)) return told.map(String)
    } catch {
      // No JSON: the engine reads it as a text with commas too.
    }
  }
  return text === '' ? [] : text.split(',')
}

type Node = { is: 'condition'; condition: Condition } | { is: 'all' | 'any' | 'none'; of: Node[] }

/** The whole definition as one sentence: plan is pro and (country is DE or country is AT), unless beta is set. */
export function segmentWords(rules: readonly Rule[]): Word[] {
  if (rules.length === 0) return [words('nobody, as it has no rule yet')]
  const node = simplest({ is: 'all', of: rules.map(nodeOf) })
  return node === null ? [words('everybody')] : said(node)
}

export function textOf(sentence: readonly Word[]): string {
  return sentence
    .map(({ text }) => text)
    .join(' ')
    .replaceAll('( ', '(')
    .replaceAll(' )', ')')
    .replaceAll(' ,', ',')
}

function nodeOf({ type, conditions, rules = [] }: Rule): Node {
  const is = type === 'ALL' ? 'all' : type === 'ANY' ? 'any' : 'none'
  const own: Node[] = conditions.map((condition) => ({ is: 'condition', condition }))
  const nested = rules.map(nodeOf)
  // One hit is needed among the conditions, and one among the rules.
  if (is === 'any' && own.length > 0 && nested.length > 0)
    return {
      is: 'all',
      of: [
        { is, of: own },
        { is, of: nested },
      ],
    }
  return { is, of: [...own, ...nested] }
}

/** Without groups that say nothing; null when nothing is left, which holds for everybody. */
function simplest(node: Node): Node | null {
  if (node.is === 'condition') return node
  const of = node.of.flatMap((each) => {
    const simple = simplest(each)
    if (simple === null) return []
    return simple.is === 'all' && node.is === 'all' ? simple.of : [simple]
  })
  if (of.length === 0) return null
  const [only] = of
  return of.length === 1 && only && node.is !== 'none' ? only : { is: node.is, of }
}

function said(node: Node): Word[] {
  switch (node.is) {
    case 'condition':
      return conditionWords(node.condition)
    case 'any':
      return joined(node.of.map(bracketed), 'or')
    case 'none':
      return [words('everybody'), joint('unless'), ...joined(node.of.map(bracketed), 'or')]
    case 'all': {
      const wanted = node.of.filter(({ is }) => is !== 'none')
      const unwanted = node.of.flatMap((each) => (each.is === 'none' ? each.of : []))
      const sentence = wanted.length > 0 ? joined(wanted.map(bracketed), 'and') : [words('everybody')]
      if (unwanted.length === 0) return sentence
      return [...sentence, joint(', unless'), ...joined(unwanted.map(bracketed), 'or')]
    }
  }
}

function bracketed(node: Node): Word[] {
  if (node.is === 'condition') return conditionWords(node.condition)
  const inner = node.is === 'none' ? joined(node.of.map(bracketed), 'or') : said(node)
  return [joint(node.is === 'none' ? 'not (' : '('), ...inner, joint(')')]
}

function joined(sentences: Word[][], word: string): Word[] {
  return sentences.flatMap((sentence, place) => (place === 0 ? sentence : [joint(word), ...sentence]))
}

function shownText(value: string | null): string {
  if (value === null) return '?'
  return value === '' || value !== value.trim() ? `"${value}"` : value
}

const words = (text: string): Word => ({ kind: 'words', text })
const joint = (text: string): Word => ({ kind: 'joint', text })
const literal = (text: string): Word => ({ kind: 'value', text })
const named = (property: string | null): Word => ({
  kind: 'name',
  text: propertyWords(property ?? '') || '?',
})
