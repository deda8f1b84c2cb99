"""The one-call form: a context as the Flagsmith engines' JSON schema has it, in and out."""

from typing import Any

from burgee.engine.flags import FlagUnit, Outcome, compile_flag
from burgee.engine.model import (
    Condition,
    Environment,
    Flag,
    Identity,
    Override,
    Rule,
    Segment,
    State,
    Variant,
)
from burgee.engine.ruleset import Ruleset
from burgee.engine.segments import compile_segment

Json = dict[str, Any]


def evaluate_context(context: Json) -> Json:
    """Evaluate ``{environment, identity, segments, features}`` to ``{flags, segments}``."""
    environment = context["environment"]
    segments: dict[str, Json] = context.get("segments") or {}
    ruleset = Ruleset(
        Environment(environment["key"], environment.get("name", "")),
        [compile_segment(id_, read_segment(segment)) for id_, segment in segments.items()],
        read_flags(context),
        document=context,
    )
    identity = read_identity(context)
    return {
        "flags": {flag["name"]: flag for flag in ruleset.evaluate(identity)},
        "segments": [_told(segments[str(id_)]) for id_ in ruleset.matching_segments(identity)],
    }


def read_identity(context: Json) -> Identity | None:
    given = context.get("identity")
    if given is None:
        return None
    return Identity(given["identifier"], given.get("key") or "", given.get("traits") or {})


def read_segment(segment: Json) -> Segment:
    return Segment(key=segment["key"], name=segment["name"], rules=tuple(map(_rule, segment.get("rules") or ())))


def _rule(rule: Json) -> Rule:
    return Rule(
        type=rule["type"],
        rules=tuple(map(_rule, rule.get("rules") or ())),
        conditions=tuple(
            Condition(operator=item["operator"], property=item.get("property"), value=item.get("value"))
            for item in rule.get("conditions") or ()
        ),
    )


def read_flags(context: Json) -> list[FlagUnit[Json]]:
    """The features with their overrides, compiled to the result's JSON."""
    segments: dict[str, Json] = context.get("segments") or {}
    features: dict[str, Json] = context.get("features") or {}
    overrides = _overrides_by_flag(segments)
    return [_flag(feature, overrides.get(feature["name"], []), segments) for feature in features.values()]


def _overrides_by_flag(segments: dict[str, Json]) -> dict[str, list[tuple[str, Json]]]:
    found: dict[str, list[tuple[str, Json]]] = {}
    for id_, segment in segments.items():
        for override in segment.get("overrides") or ():
            found.setdefault(override["name"], []).append((id_, override))
    return found


def _flag(feature: Json, overrides: list[tuple[str, Json]], segments: dict[str, Json]) -> FlagUnit[Json]:
    units = tuple(_override(id_, override, segments[id_]["name"]) for id_, override in overrides)
    given = [(unit.state, override) for unit, (_, override) in zip(units, overrides, strict=True)]

    def render(outcome: Outcome) -> Json:
        flag = {
            "name": outcome.flag,
            "enabled": outcome.enabled,
            "value": outcome.value,
            "reason": outcome.reason,
            "variant": outcome.variant,
        }
        source = next((override for state, override in given if state is outcome.state), feature)
        metadata = source.get("metadata")
        return {**flag, "metadata": metadata} if metadata else flag

    return compile_flag(Flag(name=feature["name"], state=_state(feature), overrides=units), render)


def _override(segment: str, override: Json, segment_name: str) -> Override:
    return Override(segment=segment, state=_state(override), priority=_priority(override), segment_name=segment_name)


def _priority(override: Json) -> float:
    priority = override.get("priority")
    return float("inf") if priority is None else priority


def _state(feature: Json) -> State:
    variants = tuple(
        Variant(value=item["value"], weight=item["weight"], priority=item["priority"], key=item.get("key"))
        for item in feature.get("variants") or ()
    )
    return State(enabled=feature["enabled"], value=feature["value"], key=str(feature["key"]), variants=variants)


def _told(segment: Json) -> Json:
    metadata = segment.get("metadata")
    return {"name": segment["name"], "metadata": metadata} if metadata else {"name": segment["name"]}
