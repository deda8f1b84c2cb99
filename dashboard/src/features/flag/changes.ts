import { plain, type FlagState, type Rule, type TypedValue } from '@/data/targeting'
import type { SegmentId } from '@/lib/ids'
import {
  keyOf,
  sameReach,
  sameRules,
  sameState,
  sameValue,
  type EnvironmentDraft,
  type IndividualChange,
} from './draft'

/** One line of the diff; a text that is long enough for lines of its own is drawn as such. */
export interface Change {
  what: string
  before: string
  after: string
}

/** How segments and variants are called. */
export interface Names {
  segment: (id: SegmentId) => string
  variant: (id: number) => string
}

const NOTHING = '–'

/** Everything that differs, in the order of the page. */
export function changesOf({ base, flag, individuals }: EnvironmentDraft, names: Names): Change[] {
  return [
    ...individuals.map((change) => individualChange(change, names)),
    ...rulesChanges(base.rules, flag.rules, names),
    ...stateChanges('', base.default, flag.default, names),
  ]
}

export function ruleName({ target }: Rule, names: Names): string {
  return target.kind === 'rollout' ? 'Roll-out' : names.segment(target.segment)
}

function rulesChanges(before: readonly Rule[], after: readonly Rule[], names: Names): Change[] {
  if (sameRules(before, after)) return []
  const was = new Map(before.map((rule) => [keyOf(rule), rule]))
  const is = new Map(after.map((rule) => [keyOf(rule), rule]))
  const gone = before.filter((rule) => !is.has(keyOf(rule)))
  const stayed = (rules: readonly Rule[]) =>
    rules.filter((rule) => was.has(keyOf(rule)) && is.has(keyOf(rule))).map((rule) => ruleName(rule, names))
  return [
    ...after.flatMap((rule) => {
      const old = was.get(keyOf(rule))
      const name = ruleName(rule, names)
      if (!old) return [{ what: name, before: 'no rule', after: ruleWords(rule) }]
      return [
        ...(sameReach(old, rule) ? [] : [{ what: name, before: reachOf(old), after: reachOf(rule) }]),
        ...stateChanges(`${name}: `, old, rule, names),
      ]
    }),
    ...gone.map((rule) => ({ what: ruleName(rule, names), before: ruleWords(rule), after: 'no rule' })),
    ...changedText('Order', stayed(before).join(', '), stayed(after).join(', ')),
  ]
}

function ruleWords(rule: Rule): string {
  return [rule.target.kind === 'rollout' ? reachOf(rule) : '', stateWords(rule)].filter(Boolean).join(' ')
}

function reachOf({ target }: Rule): string {
  return target.kind === 'rollout' ? `${target.percentage} %` : ''
}

function individualChange({ identifier, before, after }: IndividualChange, names: Names): Change {
  if (before && after) {
    const [only, ...others] = stateChanges(`${identifier}: `, before, after, names)
    if (only && others.length === 0) return only
  }
  return {
    what: identifier,
    before: before ? stateWords(before) : 'by the rules',
    after: after ? stateWords(after) : 'by the rules',
  }
}

function stateChanges(prefix: string, before: FlagState, after: FlagState, names: Names): Change[] {
  if (sameState(before, after)) return []
  const name = (what: string) => (prefix ? prefix + what.toLowerCase() : what)
  return [
    ...changedText(name('State'), onOff(before), onOff(after)),
    ...(sameValue(before.value, after.value)
      ? []
      : [{ what: name('Value'), before: valueWords(before.value), after: valueWords(after.value) }]),
    ...after.variants.flatMap(({ id, weight }) =>
      changedText(
        `${prefix}${prefix ? 'share' : 'Share'} of ${names.variant(id)}`,
        `${before.variants.find((each) => each.id === id)?.weight ?? 0} %`,
        `${weight} %`,
      ),
    ),
  ]
}

function changedText(what: string, before: string, after: string): Change[] {
  return before === after ? [] : [{ what, before, after }]
}

function onOff({ enabled }: FlagState): string {
  return enabled ? 'on' : 'off'
}

function stateWords(state: FlagState): string {
  return state.value === null ? onOff(state) : `${onOff(state)}, ${valueWords(state.value)}`
}

/** A value as it is written in code, so that `"50"` and `50` look different. */
export function valueWords(value: TypedValue | null): string {
  const shown = plain(value)
  if (shown === null) return NOTHING
  return typeof shown === 'string' && !/^\s*[[{<]/.test(shown) ? `"${shown}"` : String(shown)
}
