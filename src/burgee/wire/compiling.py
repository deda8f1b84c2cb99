"""From the parts of a snapshot to what the engine compiles."""

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from burgee import engine
from burgee.wire import snapshot
from burgee.wire.snapshot import FlagPart, SegmentOverride, SegmentPart, SettingsPart

T = TypeVar("T")


class Source(Struct, frozen=True, kw_only=True):
    """Where an outcome comes from: the feature, the state, and for whom the state was set."""

    settings: SettingsPart
    flag: FlagPart
    state: snapshot.State
    override: SegmentOverride | None = None
    identity_id: int | None = None


Shape = Callable[[engine.Outcome, Source], T]
"""What an outcome becomes on the wire."""


def segment_unit(part: SegmentPart) -> engine.SegmentUnit:
    return engine.compile_segment(
        part.segment_id,
        engine.Segment(key=str(part.split_key), name=part.name, rules=tuple(map(_rule, part.rules))),
    )


def flag_unit(part: FlagPart, settings: SettingsPart, shape: Shape[T]) -> engine.FlagUnit[T]:
    default = Source(settings=settings, flag=part, state=part.state)
    by_segment = {
        override.segment_id: Source(settings=settings, flag=part, state=override.state, override=override)
        for override in part.overrides
    }

    def render(outcome: engine.Outcome) -> T:
        segment = outcome.segment
        return shape(outcome, by_segment[segment] if isinstance(segment, int) else default)

    overrides = tuple(
        engine.Override(segment=override.segment_id, state=_engine_state(override.state), priority=override.priority)
        for override in part.overrides
    )
    flag = engine.Flag(name=part.name, state=_engine_state(part.state), overrides=overrides)
    return engine.compile_flag(flag, render)


def identity_choice(source: Source, shape: Shape[T]) -> engine.Choice[T]:
    """A state that was set for one identity."""
    return engine.compile_state(
        source.flag.name,
        _engine_state(source.state),
        lambda outcome: shape(outcome, source),
        "TARGETING_MATCH; segment=identity_overrides",
    )


def _engine_state(state: snapshot.State) -> engine.State:
    return engine.State(
        enabled=state.enabled,
        value=state.value,
        key=str(state.seed),
        variants=tuple(
            engine.Variant(value=one.value, weight=one.weight, priority=one.position, key=one.option_key)
            for one in state.variants
        ),
    )


def _rule(rule: snapshot.Rule) -> engine.Rule:
    return engine.Rule(
        type=rule.type,
        rules=tuple(map(_rule, rule.rules)),
        conditions=tuple(
            engine.Condition(operator=one.operator, property=one.property, value=one.value) for one in rule.conditions
        ),
    )
