"""Which segments somebody is in, decided by the engine over stored rules."""

from collections.abc import Iterable
from typing import Any

from burgee import engine
from burgee.control.segments.models import Segment
from burgee.engine import Ruleset, SegmentUnit


def compiled(segment: Segment) -> SegmentUnit:
    """The segment as the engine evaluates it."""
    definition = engine.Segment(
        key=str(segment.split_key or segment.pk), name=segment.name, rules=_rules(segment.rules)
    )
    return engine.compile_segment(segment.pk, definition)


def segments_of(identity: engine.Identity, segments: Iterable[Segment], *, environment: engine.Environment) -> set[int]:
    """The ids of those `segments` that `identity` is in."""
    ruleset: Ruleset[Any] = Ruleset(environment, [compiled(segment) for segment in segments], [])
    return {int(id_) for id_ in ruleset.matching_segments(identity)}


def _rules(rules: list[dict[str, Any]]) -> tuple[engine.Rule, ...]:
    return tuple(
        engine.Rule(
            type=rule["type"],
            rules=_rules(rule.get("rules", [])),
            conditions=tuple(
                engine.Condition(operator=item["operator"], property=item["property"], value=item["value"])
                for item in rule.get("conditions", [])
            ),
        )
        for rule in rules
    )
