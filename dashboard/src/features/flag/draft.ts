import type { DraftBody, Flag, FlagState, Rule, Target, TypedValue, Weight } from '@/data/targeting'
import type { EnvironmentKey, IdentityId } from '@/lib/ids'

/** What one identity shall get from now on; null takes its own value away. */
export interface IndividualChange {
  identity: IdentityId
  identifier: string
  before: FlagState | null
  after: FlagState | null
}

/** What somebody has changed in one environment, and from what. */
export interface EnvironmentDraft {
  base: Flag
  flag: Flag
  individuals: readonly IndividualChange[]
}

/** One draft over all environments; those that nobody touched are not in it. */
export type Draft = ReadonlyMap<EnvironmentKey, EnvironmentDraft>

export const NO_DRAFT: Draft = new Map()

export function draftIn(draft: Draft, environment: EnvironmentKey, live: Flag): EnvironmentDraft {
  return draft.get(environment) ?? { base: live, flag: live, individuals: [] }
}

/** The draft with one environment changed; what is as it was leaves the draft. */
export function withEnvironment(draft: Draft, environment: EnvironmentKey, changed: EnvironmentDraft): Draft {
  const next = new Map(draft)
  if (isChanged(changed)) next.set(environment, changed)
  else next.delete(environment)
  return next
}

export function isChanged({ base, flag, individuals }: EnvironmentDraft): boolean {
  return (
    !sameState(base.default, flag.default) || !sameRules(base.rules, flag.rules) || individuals.length > 0
  )
}

export function withState<Kind extends FlagState>(state: Kind, changes: Partial<FlagState>): Kind {
  return { ...state, ...changes }
}

export function withRule(flag: Flag, place: number, changes: Partial<Rule>): Flag {
  return {
    ...flag,
    rules: flag.rules.map((rule, at) => (at === place ? { ...rule, ...changes } : rule)),
  }
}

export function withoutRule(flag: Flag, place: number): Flag {
  return { ...flag, rules: flag.rules.filter((_, at) => at !== place) }
}

/** The rules in another order; a place beyond the ends is the end. */
export function withRuleMoved(flag: Flag, from: number, to: number): Flag {
  const moved = flag.rules[from]
  if (!moved) return flag
  const rest = flag.rules.filter((_, at) => at !== from)
  const place = Math.max(0, Math.min(to, rest.length))
  return { ...flag, rules: [...rest.slice(0, place), moved, ...rest.slice(place)] }
}

/** A new rule for a target, on, and else like the default; weaker than the others. */
export function withNewRule(flag: Flag, target: Target): Flag {
  return { ...flag, rules: [...flag.rules, { ...flag.default, enabled: true, target }] }
}

/** The flag with its roll-out at so many per cent; at none there is no roll-out. */
export function withRollout(flag: Flag, percentage: number): Flag {
  const place = flag.rules.findIndex(({ target }) => target.kind === 'rollout')
  if (percentage === 0) return place < 0 ? flag : withoutRule(flag, place)
  const target: Target = { kind: 'rollout', percentage }
  return place < 0 ? withNewRule(flag, target) : withRule(flag, place, { target })
}

export function withIndividual(
  individuals: readonly IndividualChange[],
  change: IndividualChange,
): IndividualChange[] {
  const others = individuals.filter(({ identity }) => identity !== change.identity)
  const { before, after } = change
  const isSame = before === null ? after === null : after !== null && sameState(before, after)
  return isSame ? others : [...others, change]
}

export function sameValue(one: TypedValue | null, other: TypedValue | null): boolean {
  return one?.type === other?.type && one?.value === other?.value
}

export function sameWeights(one: readonly Weight[], other: readonly Weight[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ id, weight }) => other.find((each) => each.id === id)?.weight === weight)
  )
}

export function sameState(one: FlagState, other: FlagState): boolean {
  return (
    one.enabled === other.enabled &&
    sameValue(one.value, other.value) &&
    sameWeights(one.variants, other.variants)
  )
}

export function sameRules(one: readonly Rule[], other: readonly Rule[]): boolean {
  return one.length === other.length && one.every((rule, place) => sameRule(rule, other[place]))
}

function sameRule(one: Rule, other: Rule | undefined): boolean {
  return other !== undefined && keyOf(one) === keyOf(other) && sameReach(one, other) && sameState(one, other)
}

export function sameReach(one: Rule, other: Rule): boolean {
  return (
    one.target.kind !== 'rollout' ||
    other.target.kind !== 'rollout' ||
    one.target.percentage === other.target.percentage
  )
}

/** What a rule is told from the others by: a flag has one roll-out, and one rule for a segment. */
export function keyOf({ target }: Rule): string {
  return target.kind === 'rollout' ? 'rollout' : `segment-${target.segment}`
}

/** The draft upon what somebody else saved meanwhile: theirs where I changed nothing, mine where I did. */
export function rebased({ base, flag, individuals }: EnvironmentDraft, live: Flag): EnvironmentDraft {
  const mine = <Part>(was: Part, is: Part, theirs: Part, same: (one: Part, other: Part) => boolean) =>
    same(was, is) ? theirs : is
  const { default: was } = base
  const { default: is } = flag
  const { default: theirs } = live
  return {
    base: live,
    individuals,
    flag: {
      changeNumber: live.changeNumber,
      default: {
        enabled: mine(was.enabled, is.enabled, theirs.enabled, Object.is),
        value: mine(was.value, is.value, theirs.value, sameValue),
        variants: mine(was.variants, is.variants, theirs.variants, sameWeights),
      },
      rules: mine(base.rules, flag.rules, live.rules, sameRules),
    },
  }
}

/** What is sent: only what differs, but rules all of them in their order. */
export function bodyOf({ base, flag, individuals }: EnvironmentDraft): DraftBody {
  const { default: was } = base
  const { default: is } = flag
  const changes: Partial<FlagState> = {
    ...(was.enabled !== is.enabled && { enabled: is.enabled }),
    ...(!sameValue(was.value, is.value) && { value: is.value }),
    ...(!sameWeights(was.variants, is.variants) && { variants: is.variants }),
  }
  return {
    expected: base.changeNumber,
    ...(Object.keys(changes).length > 0 && { environment_default: changes }),
    ...(!sameRules(base.rules, flag.rules) && { segment_overrides: flag.rules.map(ruleBody) }),
    ...(individuals.length > 0 && { identity_overrides: individuals.map(individualBody) }),
  }
}

function ruleBody({ target, ...state }: Rule): object {
  return target.kind === 'rollout'
    ? { rollout: { percentage: target.percentage }, ...state }
    : { segment: { id: target.segment }, ...state }
}

function individualBody({ identity, after }: IndividualChange): object {
  if (after === null) return { identity: { id: identity }, remove: true }
  const { enabled, value, variants } = after
  return { identity: { id: identity }, enabled, value, ...(variants.length > 0 && { variants }) }
}

/** What would take a saved draft back, from the flag as it is now. */
export function undoing({ base, flag, individuals }: EnvironmentDraft, saved: number): EnvironmentDraft {
  return {
    base: { ...flag, changeNumber: saved },
    flag: base,
    individuals: individuals.map((change) => ({ ...change, before: change.after, after: change.before })),
  }
}

/** What the variants leave for the default value. */
export function remainder(variants: readonly Weight[]): number {
  return Math.round((100 - variants.reduce((sum, { weight }) => sum + weight, 0)) * 100) / 100
}

/** What keeps a draft from being saved, in words; null for nothing. */
export function problemIn({ flag, individuals }: EnvironmentDraft): string | null {
  const states = [flag.default, ...flag.rules, ...individuals.flatMap(({ after }) => after ?? [])]
  if (states.some(({ variants }) => remainder(variants) < 0))
    return 'The shares of the variants are more than 100 %.'
  if (states.some(({ value }) => value?.type === 'integer' && !isWhole(value.value)))
    return 'A number must be whole, between −2,147,483,648 and 2,147,483,647.'
  return null
}

function isWhole(text: string): boolean {
  return /^-?\d{1,10}$/.test(text.trim()) && Math.abs(Number(text) + 0.5) <= 2 ** 31
}
