"""Why an evaluation came out as it did, as data that can be shown or encoded as JSON."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from msgspec import Struct

from burgee.engine.flags import Choice, FlagUnit, OverrideUnit
from burgee.engine.model import Condition, Scalar, SegmentId
from burgee.engine.segments import ConditionUnit, RuleUnit, SegmentUnit
from burgee.engine.subject import Subject

_LARGEST = 2**63


class ConditionExplanation(Struct, frozen=True, kw_only=True):
    operator: str
    property: str | None
    value: Any
    seen: Scalar
    held: bool


class RuleExplanation(Struct, frozen=True, kw_only=True):
    type: str
    held: bool
    conditions: tuple[ConditionExplanation, ...]
    rules: tuple["RuleExplanation", ...]


class SegmentExplanation(Struct, frozen=True, kw_only=True):
    id: SegmentId
    name: str
    held: bool
    rules: tuple[RuleExplanation, ...]


class OverrideExplanation(Struct, frozen=True, kw_only=True):
    """A segment override of the flag: whether its segment matched and whether it decided."""

    segment: SegmentId
    priority: float | None
    matched: bool
    decided: bool


class FlagExplanation(Struct, frozen=True, kw_only=True):
    name: str
    enabled: bool
    value: Scalar
    reason: str
    variant: str | None
    decided_by: Literal["default", "segment", "identity"]
    segment: SegmentId | None
    overrides: tuple[OverrideExplanation, ...]


class Explanation(Struct, frozen=True, kw_only=True):
    flags: tuple[FlagExplanation, ...]
    segments: tuple[SegmentExplanation, ...]


def explain(
    segments: Iterable[SegmentUnit],
    flags: Iterable[FlagUnit[Any]],
    *,
    subject: Subject,
    overrides: Mapping[str, Choice[Any]],
) -> Explanation:
    """Evaluate everything, the losing parts too, and keep what was seen."""
    told = tuple(_segment(unit, subject) for unit in segments)
    matched = {segment.id: order for order, segment in enumerate(told) if segment.held}
    return Explanation(
        flags=tuple(_flag(unit, subject, matched, overrides.get(unit.name)) for unit in flags), segments=told
    )


def _flag(
    unit: FlagUnit[Any], subject: Subject, matched: Mapping[SegmentId, int], own: Choice[Any] | None
) -> FlagExplanation:
    winner = None if own is not None else _winner(unit, matched)
    choice = own or (winner.choice if winner is not None else unit.choice)
    outcome = choice.outcome(subject.key)
    return FlagExplanation(
        name=unit.name,
        enabled=outcome.enabled,
        value=_shown(outcome.value),
        reason=outcome.reason,
        variant=outcome.variant,
        decided_by="identity" if own is not None else "default" if winner is None else "segment",
        segment=None if winner is None else winner.source.segment,
        overrides=tuple(
            OverrideExplanation(
                segment=override.source.segment,
                priority=None if override.source.priority == float("inf") else override.source.priority,
                matched=override.source.segment in matched,
                decided=override is winner,
            )
            for override in unit.overrides
        ),
    )


def _winner(unit: FlagUnit[Any], matched: Mapping[SegmentId, int]) -> OverrideUnit[Any] | None:
    members = [override for override in unit.overrides if override.source.segment in matched]
    return min(members, key=lambda override: (override.source.priority, matched[override.source.segment]), default=None)


def _segment(unit: SegmentUnit, subject: Subject) -> SegmentExplanation:
    return SegmentExplanation(
        id=unit.id,
        name=unit.source.name,
        held=unit.holds(subject),
        rules=tuple(_rule(rule, subject) for rule in unit.rules),
    )


def _rule(unit: RuleUnit, subject: Subject) -> RuleExplanation:
    return RuleExplanation(
        type=unit.source.type,
        held=unit.holds(subject),
        conditions=tuple(_condition(condition, subject) for condition in unit.conditions),
        rules=tuple(_rule(rule, subject) for rule in unit.rules),
    )


def _condition(unit: ConditionUnit, subject: Subject) -> ConditionExplanation:
    return ConditionExplanation(
        operator=unit.source.operator,
        property=unit.source.property,
        value=unit.source.value,
        seen=_shown(_seen(unit.source, subject)),
        held=unit.holds(subject),
    )


def _seen(condition: Condition, subject: Subject) -> Scalar:
    if condition.operator == "PERCENTAGE_SPLIT" and not condition.property:
        return subject.key
    return subject[condition.property]


def _shown(value: Scalar) -> Scalar:
    """Integers beyond 64 bits as text, because JSON encoders refuse them."""
    if type(value) is int and not -_LARGEST <= value < _LARGEST:
        return hex(value)
    return value
