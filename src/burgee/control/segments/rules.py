"""The rule tree: what it may hold, and numbers for its rules and conditions that stay when it is edited."""

import re
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from burgee.control.segments.errors import NestedTooDeep, TooManyConditions
from burgee.engine import check_pattern

RULE_TYPES: Final = ("ALL", "ANY", "NONE")

OPERATORS: Final = (
    "EQUAL",
    "GREATER_THAN",
    "LESS_THAN",
    "CONTAINS",
    "GREATER_THAN_INCLUSIVE",
    "LESS_THAN_INCLUSIVE",
    "NOT_CONTAINS",
    "NOT_EQUAL",
    "REGEX",
    "PERCENTAGE_SPLIT",
    "MODULO",
    "IS_SET",
    "IS_NOT_SET",
    "IN",
)

MAX_DEPTH: Final = 2


class ConditionDraft(Struct, frozen=True, kw_only=True):
    operator: str
    property: str | None = None
    value: str | None = None
    description: str | None = None
    id: int | None = None


class RuleDraft(Struct, frozen=True, kw_only=True):
    type: str
    rules: tuple["RuleDraft", ...] = ()
    conditions: tuple[ConditionDraft, ...] = ()
    id: int | None = None


def check_rules(rules: Sequence[RuleDraft], *, condition_limit: int | None) -> None:
    """Refuse a tree that is too deep or too large; without a limit it may have any number of conditions."""
    if any(_depth(rule) > MAX_DEPTH for rule in rules):
        raise NestedTooDeep
    count = sum(1 for rule in rules for _ in _conditions(rule))
    if condition_limit is not None and count > condition_limit:
        raise TooManyConditions(count=count, limit=condition_limit)


def refused_pattern(pattern: str) -> str | None:
    """Why a REGEX condition may not be saved, or None.

    What Python itself cannot compile is let through, as clients know it, and never matches; a pattern that works
    in other engines of the family but cannot be matched in linear time here is refused.
    """
    reason = check_pattern(pattern)
    return reason if reason is not None and _compiles(pattern) else None


def stored(rules: Sequence[RuleDraft], *, former: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """The tree as kept and shown; ids that `former` has are kept, every other rule or condition gets a new one."""
    numbers = _Numbers(former)
    return [_stored_rule(rule, numbers, depth=1) for rule in rules]


def unusable_patterns(rules: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The REGEX values of a stored tree that never match, each with the reason why the engine cannot use it."""
    values = [
        condition["value"] or ""
        for rule in rules
        for condition in (*rule.get("conditions", ()), *_nested_conditions(rule))
        if condition["operator"] == "REGEX"
    ]
    return {value: reason for value in values if (reason := check_pattern(value)) is not None}


class _Numbers:
    """Hands out ids: one already in use is given back once, everything else gets the next free number."""

    def __init__(self, former: Sequence[dict[str, Any]]) -> None:
        self._rules, self._conditions = _ids(former)
        self._next = {"rule": max(self._rules, default=0) + 1, "condition": max(self._conditions, default=0) + 1}

    def rule(self, wanted: int | None) -> int:
        return self._number(wanted, self._rules, "rule")

    def condition(self, wanted: int | None) -> int:
        return self._number(wanted, self._conditions, "condition")

    def _number(self, wanted: int | None, free: set[int], kind: str) -> int:
        if wanted in free:
            free.discard(wanted)
            return wanted
        number = self._next[kind]
        self._next[kind] += 1
        return number


def _ids(rules: Sequence[dict[str, Any]]) -> tuple[set[int], set[int]]:
    rule_ids: set[int] = set()
    condition_ids: set[int] = set()
    for rule in rules:
        rule_ids.add(rule["id"])
        condition_ids.update(condition["id"] for condition in rule.get("conditions", ()))
        nested_rules, nested_conditions = _ids(rule.get("rules", ()))
        rule_ids |= nested_rules
        condition_ids |= nested_conditions
    return rule_ids, condition_ids


def _stored_rule(rule: RuleDraft, numbers: _Numbers, *, depth: int) -> dict[str, Any]:
    told: dict[str, Any] = {"id": numbers.rule(rule.id), "type": rule.type}
    if depth < MAX_DEPTH:
        told["rules"] = [_stored_rule(nested, numbers, depth=depth + 1) for nested in rule.rules]
    told["conditions"] = [
        {
            "id": numbers.condition(condition.id),
            "operator": condition.operator,
            "property": condition.property,
            "value": condition.value,
            "description": condition.description,
        }
        for condition in rule.conditions
    ]
    return told


def _depth(rule: RuleDraft) -> int:
    return 1 + max(map(_depth, rule.rules), default=0)


def _conditions(rule: RuleDraft) -> Iterator[ConditionDraft]:
    yield from rule.conditions
    for nested in rule.rules:
        yield from _conditions(nested)


def _nested_conditions(rule: dict[str, Any]) -> list[dict[str, Any]]:
    return [condition for nested in rule.get("rules", ()) for condition in nested.get("conditions", ())]


def _compiles(pattern: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError):
            return False
    return True
