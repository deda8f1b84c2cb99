"""What an identity gets for every flag of its environment, and why, computed from today's tables."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from msgspec import Struct

from burgee import engine
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature
from burgee.control.identities.models import Identity
from burgee.control.kit.values import FlagValue
from burgee.control.segments.membership import compiled, segments_of
from burgee.control.segments.models import Segment
from burgee.control.targeting.models import FeatureState, VariantWeight


class Effective(Struct, frozen=True, kw_only=True):
    """``state`` decided; ``value`` may be that of one of its ``weights``."""

    feature: Feature
    state: FeatureState
    value: FlagValue
    weights: tuple[VariantWeight, ...]
    segment: Segment | None = None

    @property
    def overridden_by(self) -> str | None:
        if self.state.identity_id is not None:
            return "IDENTITY"
        return None if self.segment is None else "SEGMENT"


def as_engine_identity(environment: Environment, identity: Identity) -> engine.Identity:
    """The identity with the key that its splits hash."""
    if environment.use_identity_composite_key_for_hashing:
        key = f"{environment.api_key}_{identity.identifier}"
    else:
        key = str(identity.legacy_hash_id or identity.pk)
    return engine.Identity(identity.identifier, key, identity.traits)


def segments_with(environment: Environment, identity: Identity, segments: Iterable[Segment]) -> set[int]:
    """The ids of those `segments` that the identity is in."""
    return segments_of(as_engine_identity(environment, identity), segments, environment=_as_engine(environment))


def effective_states(environment: Environment, identity: Identity) -> list[Effective]:
    """What `identity` gets for every living feature, by feature id, in a constant number of queries."""
    states = list(_candidates(environment, identity))
    weights = _weights(states)
    overridden = [state.feature_segment.segment for state in states if state.feature_segment]
    segments = {segment.pk: segment for segment in overridden}
    person = as_engine_identity(environment, identity)
    flags = [_flag_unit(of_feature, weights) for of_feature in _by_feature(states).values()]
    ruleset = engine.Ruleset(_as_engine(environment), map(compiled, segments.values()), [unit for unit, _ in flags])
    own = {unit.name: choice for unit, choice in flags if choice is not None}
    outcomes = ruleset.evaluate(person, own)
    by_id = {state.pk: state for state in states}
    return [_effective(by_id[state_id], value, segments, weights) for state_id, value in outcomes]


Rendered = tuple[int, engine.Scalar]
"""The state that decided, and its value."""


def _as_engine(environment: Environment) -> engine.Environment:
    return engine.Environment(environment.api_key, environment.name)


def _candidates(environment: Environment, identity: Identity) -> QuerySet[FeatureState]:
    """The identity's own states and all served ones that are nobody else's."""
    served = FeatureState.objects.live().filter(environment=environment, feature__deleted_at=None)
    mine = served.filter(identity_id=identity.pk) | served.filter(identity_id=None)
    living = mine.filter(feature_segment=None) | mine.filter(feature_segment__segment__deleted_at=None)
    return living.select_related("feature", "feature_segment__segment").order_by("feature_id", "pk")


def _by_feature(states: Iterable[FeatureState]) -> dict[int, list[FeatureState]]:
    found: dict[int, list[FeatureState]] = {}
    for state in states:
        found.setdefault(state.feature_id, []).append(state)
    return found


def _weights(states: list[FeatureState]) -> dict[int, list[VariantWeight]]:
    found: dict[int, list[VariantWeight]] = {}
    rows = VariantWeight.objects.filter(state_id__in=[state.pk for state in states]).select_related("option")
    for row in rows.order_by("position", "pk"):
        found.setdefault(row.state_id, []).append(row)
    return found


def _flag_unit(
    states: list[FeatureState], weights: Mapping[int, list[VariantWeight]]
) -> tuple[engine.FlagUnit[Rendered], Any]:
    default = next(state for state in states if state.identity_id is None and state.feature_segment is None)
    overrides = [
        engine.Override(
            segment=state.feature_segment.segment_id,
            state=_engine_state(state, weights),
            priority=state.feature_segment.priority,
            segment_name=state.feature_segment.segment.name,
        )
        for state in states
        if state.feature_segment
    ]
    name = str(default.feature_id)
    ids = {(state.feature_segment.segment_id if state.feature_segment else None): state.pk for state in states}
    ids[None] = default.pk

    def render(outcome: Any) -> Rendered:
        return ids[outcome.segment], outcome.value

    flag = engine.Flag(name=name, state=_engine_state(default, weights), overrides=tuple(overrides))
    own = next((state for state in states if state.identity_id is not None), None)
    return engine.compile_flag(flag, render), own and _own_choice(name, own, weights)


def _own_choice(name: str, own: FeatureState, weights: Mapping[int, list[VariantWeight]]) -> Any:
    def render(outcome: Any) -> Rendered:
        return own.pk, outcome.value

    return engine.compile_state(name, _engine_state(own, weights), render, "IDENTITY_OVERRIDE")


def _engine_state(state: FeatureState, weights: Mapping[int, list[VariantWeight]]) -> engine.State:
    variants = tuple(
        engine.Variant(value=row.option.value, weight=row.percentage_allocation, priority=row.position)
        for row in weights.get(state.pk, ())
    )
    return engine.State(enabled=state.enabled, value=state.value, key=str(state.bucketing_seed), variants=variants)


def _effective(
    state: FeatureState,
    value: engine.Scalar,
    segments: Mapping[int, Segment],
    weights: Mapping[int, list[VariantWeight]],
) -> Effective:
    segment = segments[state.feature_segment.segment_id] if state.feature_segment else None
    shares = tuple(weights.get(state.pk, ()))
    return Effective(feature=state.feature, state=state, value=value, weights=shares, segment=segment)  # type: ignore[arg-type]  # flags hold no floats
