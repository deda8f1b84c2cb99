"""What an identity must carry before a segment can match it, so that the index may skip the rest.

A guard is a set of demands of which at least one must be met. It may admit too many, never too few.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from burgee.engine.model import Condition, Rule, Scalar
from burgee.engine.operators import OPERATORS, SEMVER, casts, member_values
from burgee.engine.paths import compiled_path
from burgee.engine.subject import WELL_KNOWN


class Demand(Struct, frozen=True):
    """`property` present; with `values`, equal to one of them or a boolean."""

    property: str
    values: frozenset[Scalar] | None = None


Guard = tuple[Demand, ...] | None
"""None demands nothing."""

_NOBODY: Final[Guard] = ()


def guard_of(rules: Iterable[Rule]) -> Guard:
    """The guard of a segment: all of its rules must hold."""
    return _strictest([_of_rule(rule) for rule in rules])


def _of_rule(rule: Rule) -> Guard:
    if rule.type == "ALL":
        return _strictest([*map(_of_condition, rule.conditions), *map(_of_rule, rule.rules)])
    if rule.type == "ANY":
        # Conditions and nested rules are two groups, and each needs a hit.
        return _strictest([_any(map(_of_condition, rule.conditions)), _any(map(_of_rule, rule.rules))])
    return None


def _any(guards: Iterable[Guard]) -> Guard:
    demands: list[Demand] = []
    members_seen = False
    for guard in guards:
        if guard is None:
            return None
        members_seen = True
        demands += guard
    return tuple(demands) if members_seen else None


def _strictest(guards: list[Guard]) -> Guard:
    return min((guard for guard in guards if guard is not None), key=_looseness, default=None)


def _looseness(guard: tuple[Demand, ...]) -> tuple[int, int]:
    presences = sum(demand.values is None for demand in guard)
    return presences, sum(len(demand.values) for demand in guard if demand.values is not None)


def _of_condition(condition: Condition) -> Guard:
    name, operator = condition.property, condition.operator
    if operator not in OPERATORS:
        return _NOBODY
    if operator == "IS_NOT_SET" or _is_path(name) or (operator == "PERCENTAGE_SPLIT" and not name):
        return None
    if name is None:
        return _NOBODY
    return (Demand(name, _values(condition)),)


def _is_path(name: str | None) -> bool:
    return name is not None and name.startswith("$.") and name not in WELL_KNOWN and compiled_path(name) is not None


def _values(condition: Condition) -> frozenset[Scalar] | None:
    literal = condition.value
    if condition.operator == "IN":
        return member_values(literal)
    if condition.operator == "EQUAL" and not (isinstance(literal, str) and literal.endswith(SEMVER)):
        return frozenset(value for kind, value in casts(literal).items() if kind is not bool)
    return None
