"""Who gets what and why: today's rules of an environment, evaluated for one identity with every reason kept."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from burgee import engine
from burgee.control.environments.models import Environment
from burgee.control.identities.evaluation import as_engine_identity
from burgee.control.identities.models import Identity
from burgee.control.publishing.parts import parts_for
from burgee.engine import Explanation
from burgee.engine.bucketing import percentage, place_of
from burgee.wire import compiling
from burgee.wire.snapshot import FlagPart, OverridesPart, SegmentPart, SettingsPart, flag_part

Traits = Mapping[str, Any]


class Asker(Struct, frozen=True, kw_only=True):
    """Who asks: ``given`` traits win over those that are stored. Without an identifier it is nobody in particular."""

    identifier: str | None = None
    given: Traits = {}
    stored: Identity | None = None

    @property
    def traits(self) -> dict[str, Any]:
        return {**(self.stored.traits if self.stored else {}), **self.given}

    def as_engine(self, environment: Environment) -> engine.Identity | None:
        if self.identifier is None and not self.given:
            return None
        row = self.stored or Identity(environment_id=environment.pk, identifier=self.identifier or "")
        hashed = as_engine_identity(environment, row)
        if self.stored is None and not environment.use_identity_composite_key_for_hashing:
            # Splits go by the id that a new identity will get, which nobody knows yet.
            return engine.Identity(row.identifier, "", self.traits)
        return engine.Identity(row.identifier, hashed.key, self.traits)


class Explained(Struct, frozen=True, kw_only=True):
    """What the engine says, with the parts that it speaks of, and the asker's place in each split by flag name."""

    explanation: Explanation
    flags: Mapping[str, FlagPart]
    segments: Mapping[int, SegmentPart]
    places: Mapping[str, float]
    key: str | None

    def split_place(self, segment: SegmentPart) -> float | None:
        """Where the asker stands in the percentage split of a segment."""
        return None if self.key is None else _place(f"{segment.split_key},{self.key}")


def explain(environment: Environment, asker: Asker, *, feature_ids: frozenset[int] | None = None) -> Explained:
    """Evaluate every flag, or those of `feature_ids` with the segments that override them."""
    parts = parts_for(environment.pk, asker.stored.pk if asker.stored else None).values()
    settings = next(part for part in parts if isinstance(part, SettingsPart))
    flags = [part for part in parts if isinstance(part, FlagPart) and _asked(part, feature_ids)]
    overriding = {override.segment_id for flag in flags for override in flag.overrides}
    segments = {
        part.segment_id: part
        for part in sorted((part for part in parts if isinstance(part, SegmentPart)), key=lambda part: part.segment_id)
        if feature_ids is None or part.segment_id in overriding
    }
    flags.sort(key=lambda part: part.feature_id)
    ruleset = engine.Ruleset(
        engine.Environment(settings.client_key, settings.environment_name),
        map(compiling.segment_unit, segments.values()),
        [compiling.flag_unit(part, settings, _nothing) for part in flags],
    )
    own = _own_choices(parts, {flag_part(part.feature_id): part for part in flags}, settings, asker)
    identity = asker.as_engine(environment)
    key = None if identity is None else identity.key or f"{settings.client_key}_{identity.identifier}"
    explanation = ruleset.explain(identity, own)
    return Explained(
        explanation=explanation,
        flags={part.name: part for part in flags},
        segments=segments,
        places={} if key is None else _places(explanation, ruleset, own, key),
        key=key,
    )


def _asked(part: FlagPart, feature_ids: frozenset[int] | None) -> bool:
    return feature_ids is None or part.feature_id in feature_ids


def _nothing(outcome: engine.Outcome, source: compiling.Source) -> None:
    """Explanations are told as data; nothing needs to be rendered."""


def _own_choices(
    parts: Any, flags: Mapping[str, FlagPart], settings: SettingsPart, asker: Asker
) -> dict[str, engine.Choice[None]]:
    if asker.stored is None:
        return {}
    overridden = [
        override
        for part in parts
        if isinstance(part, OverridesPart)
        for identity in part.identities
        if identity.identity_id == asker.stored.pk
        for override in identity.flags
        if flag_part(override.feature_id) in flags
    ]
    choices = {}
    for override in overridden:
        flag = flags[flag_part(override.feature_id)]
        source = compiling.Source(settings=settings, flag=flag, state=override.state, identity_id=asker.stored.pk)
        choices[flag.name] = compiling.identity_choice(source, _nothing)
    return choices


def _places(
    explanation: Explanation, ruleset: engine.Ruleset[None], own: Mapping[str, engine.Choice[None]], key: str
) -> dict[str, float]:
    """Where the asker stands in the split that decided, by flag."""
    places = {}
    for told in explanation.flags:
        unit = ruleset.flags[told.name]
        by_segment = {override.source.segment: override.choice for override in unit.overrides}
        choice = own.get(told.name) or (unit.choice if told.segment is None else by_segment[told.segment])
        place = _place(f"{choice.control_outcome.state.key},{key}") if choice.edges else None
        if place is not None:
            places[told.name] = place
    return places


def _place(joined: str) -> float | None:
    try:
        return round(percentage(place_of(joined.encode())), 2)
    except UnicodeEncodeError:  # text that UTF-8 cannot hold has no place in a split
        return None
