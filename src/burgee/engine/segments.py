"""A segment compiled once: closures that decide membership, and what the index and explanations need."""

from msgspec import Struct

from burgee.engine.guards import Guard, guard_of
from burgee.engine.model import Condition, Rule, Segment, SegmentId
from burgee.engine.operators import COSTLY, Holds, compile_operator, key_split, nobody
from burgee.engine.subject import Subject


class ConditionUnit(Struct, frozen=True):
    source: Condition
    holds: Holds


class RuleUnit(Struct, frozen=True):
    source: Rule
    conditions: tuple[ConditionUnit, ...]
    rules: tuple["RuleUnit", ...]
    holds: Holds


class SegmentUnit(Struct, frozen=True):
    """One compiled segment; it knows no environment and may be shared by revisions."""

    id: SegmentId
    source: Segment
    rules: tuple[RuleUnit, ...]
    holds: Holds
    guard: Guard
    properties: frozenset[str | None]
    rollout: tuple[bytes, int] | None
    """Seed and admitted places, if one split of the identity's key is all there is."""

    @property
    def only_traits(self) -> bool:
        """Whether nothing but traits decides."""
        return not any(name is None or name.startswith("$.") for name in self.properties)


def compile_segment(id: SegmentId, segment: Segment) -> SegmentUnit:  # noqa: A002  # what it is everywhere
    """Compile a segment; `id` is what overrides name it by."""
    rules = tuple(_rule_unit(rule, segment.key) for rule in segment.rules)
    holds = _all([rule.holds for rule in rules]) if rules else nobody
    names = frozenset(name for rule in segment.rules for name in _properties(rule))
    return SegmentUnit(id, segment, rules, holds, guard_of(segment.rules) if rules else (), names, _rollout(segment))


def _rollout(segment: Segment) -> tuple[bytes, int] | None:
    rules = segment.rules
    while len(rules) == 1 and rules[0].type != "NONE":
        rule = rules[0]
        if not rule.rules and len(rule.conditions) == 1:
            condition = rule.conditions[0]
            if condition.operator == "PERCENTAGE_SPLIT" and not condition.property:
                return key_split(condition.value, segment.key)
        rules = () if rule.conditions else rule.rules
    return None


def _properties(rule: Rule) -> set[str | None]:
    """What the rule reads; a split without a property reads the identity's key, which is no trait."""
    names = {condition.property or None for condition in rule.conditions if condition.operator == "PERCENTAGE_SPLIT"}
    names |= {condition.property for condition in rule.conditions if condition.operator != "PERCENTAGE_SPLIT"}
    return names.union(*map(_properties, rule.rules))


def _rule_unit(rule: Rule, split_key: str) -> RuleUnit:
    conditions = tuple(_condition_unit(condition, split_key) for condition in rule.conditions)
    rules = tuple(_rule_unit(nested, split_key) for nested in rule.rules)
    combine = _COMBINATORS.get(rule.type, _none)
    groups = [[unit.holds for unit in sorted(conditions, key=_is_costly)], [unit.holds for unit in rules]]
    return RuleUnit(rule, conditions, rules, _all([combine(group) for group in groups if group]))


def _is_costly(unit: ConditionUnit) -> bool:
    return unit.source.operator in COSTLY


def _condition_unit(condition: Condition, split_key: str) -> ConditionUnit:
    holds = compile_operator(condition.operator, condition.property, condition.value, split_key)
    return ConditionUnit(condition, holds)


def _all(parts: list[Holds]) -> Holds:
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:  # most rules; the loop costs more
        first, second = parts
        return lambda subject: first(subject) and second(subject)

    def holds(subject: Subject) -> bool:
        for part in parts:  # noqa: SIM110  # a generator would cost more than the parts
            if not part(subject):
                return False
        return True

    return holds


def _any(parts: list[Holds]) -> Holds:
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:  # as in _all
        first, second = parts
        return lambda subject: first(subject) or second(subject)

    def holds(subject: Subject) -> bool:
        for part in parts:  # noqa: SIM110  # as in _all
            if part(subject):
                return True
        return False

    return holds


def _none(parts: list[Holds]) -> Holds:
    if len(parts) == 2:  # as in _all
        first, second = parts
        return lambda subject: not (first(subject) or second(subject))
    hit = _any(parts)
    return lambda subject: not hit(subject)


_COMBINATORS = {"ALL": _all, "ANY": _any, "NONE": _none}
