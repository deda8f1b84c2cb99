"""What a draft of a flag would do before it is saved: the rules as they are and as they would be, side by side."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct, structs

from burgee import engine
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.insight.crowd import Crowd, Person
from burgee.control.publishing.parts import parts_of, served
from burgee.control.publishing.states import wire_states
from burgee.control.segments.rollouts import rollout_in, rollout_rules
from burgee.control.targeting.errors import FlagNotFound
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.rows import load_sheet
from burgee.control.targeting.saving import Draft, edits_of, inherited_split, placed_segments
from burgee.control.targeting.services import edited
from burgee.control.targeting.sheet import Sheet, StateSheet
from burgee.control.targeting.versions import live_version
from burgee.wire import compiling
from burgee.wire import snapshot as wire

SAMPLES: Final = 5
UNMADE: Final = -1
"""The id of a roll-out that will be made when the draft is saved."""


class Seen(NamedTuple):
    """What somebody gets; ``kind`` keeps 1 and true apart."""

    enabled: bool
    value: engine.Scalar
    variant: str | None
    kind: str

    @property
    def typed(self) -> tuple[str, engine.Scalar]:
        """The value, with 1 and true apart."""
        return self.kind, self.value


class Group(Struct, kw_only=True):
    """Identities that would go the same way."""

    was: Seen
    becomes: Seen
    count: int = 0
    samples: list[Person] = msgspec.field(default_factory=list)


class FlagPreview(Struct, frozen=True, kw_only=True):
    """``estimated``: the roll-out is new, so that how many are in it is known, but not yet who."""

    examined: int
    total: int
    groups: Sequence[Group]
    anonymous: tuple[Seen, Seen]
    estimated: bool

    def count_where(self, field: str) -> int:
        return sum(group.count for group in self.groups if getattr(group.was, field) != getattr(group.becomes, field))


class _Rules(Struct, frozen=True):
    ruleset: engine.Ruleset[Seen]
    own: Mapping[int, engine.Choice[Seen]]

    def seen_by(self, name: str, identity: engine.Identity | None, identity_id: int = 0) -> Seen:
        choice = self.own.get(identity_id)
        return self.ruleset.evaluate_one(name, identity, {name: choice} if choice else None)


def preview_flag(environment: Environment, feature: Feature, draft: Draft) -> FlagPreview:
    """Who among the stored identities would get something else; nothing is written."""
    now, after = _both(environment, feature, draft)
    crowd = Crowd(environment)
    groups: dict[tuple[Seen, Seen], Group] = {}
    for person, identity in crowd:
        was, becomes = (rules.seen_by(feature.name, identity, person.id) for rules in (now, after))
        if was == becomes:
            continue
        group = groups.setdefault((was, becomes), Group(was=was, becomes=becomes))
        group.count += 1
        if len(group.samples) < SAMPLES:
            group.samples.append(person)
    return FlagPreview(
        examined=crowd.examined,
        total=crowd.total,
        groups=sorted(groups.values(), key=lambda group: -group.count),
        anonymous=(now.seen_by(feature.name, None), after.seen_by(feature.name, None)),
        estimated=UNMADE in after.ruleset.segments,
    )


def _both(environment: Environment, feature: Feature, draft: Draft) -> tuple[_Rules, _Rules]:
    rollout = rollout_in(feature, environment.pk) if draft.rollout is not None else None
    rollout_id = rollout.pk if rollout else UNMADE
    placed = placed_segments(environment, feature)
    edits = edits_of(draft, placed, rollout_id)
    before = load_sheet(live_version(environment.pk, feature.pk), [own.identity_id for own in draft.identities])
    after = edited(before, feature, edits, unmade={UNMADE})
    parts = _parts(environment, feature, {*before.places, *after.places} - {UNMADE})
    settings, flag = parts[wire.SETTINGS], parts[wire.flag_part(feature.pk)]
    if not isinstance(settings, wire.SettingsPart) or not isinstance(flag, wire.FlagPart):
        raise FlagNotFound
    segments = {part.segment_id: part for part in parts.values() if isinstance(part, wire.SegmentPart)}
    drafted = dict(segments)
    if draft.rollout is not None:
        split_key = inherited_split(placed.values(), environment)
        drafted[rollout_id] = _rollout_part(segments.get(rollout_id), rollout_id, draft.rollout, split_key)
    now = _now(environment, settings, flag, segments.values())
    return now, _after(now, (settings, flag), (before, after), drafted)


def _parts(environment: Environment, feature: Feature, segment_ids: Iterable[int]) -> Mapping[str, wire.Part | None]:
    place = served(environment.pk)
    if place is None:
        raise FlagNotFound
    names = [wire.SETTINGS, wire.flag_part(feature.pk), *map(wire.segment_part, segment_ids)]
    return parts_of(place, names)


def _now(
    environment: Environment, settings: wire.SettingsPart, flag: wire.FlagPart, segments: Iterable[wire.SegmentPart]
) -> _Rules:
    rows = FeatureState.objects.of_identities().filter(environment=environment, feature_id=flag.feature_id)
    own = {row.identity_id or 0: _choice(settings, flag, state) for row, state in wire_states(list(rows))}
    ruleset = engine.Ruleset(
        engine.Environment(settings.client_key, settings.environment_name),
        map(compiling.segment_unit, segments),
        [compiling.flag_unit(flag, settings, _seen)],
    )
    return _Rules(ruleset, own)


def _after(
    now: _Rules,
    parts: tuple[wire.SettingsPart, wire.FlagPart],
    sheets: tuple[Sheet, Sheet],
    segments: Mapping[int, wire.SegmentPart],
) -> _Rules:
    (settings, flag), (before, after) = parts, sheets
    options = {option.pk: option for option in MultivariateOption.objects.filter(feature_id=flag.feature_id)}
    overrides = tuple(
        wire.SegmentOverride(
            segment_id=segment_id,
            feature_segment_id=place.row_id,
            priority=place.priority,
            state=_state(place.state, options),
        )
        for segment_id, place in sorted(after.places.items(), key=lambda item: item[1].priority)
        if place.state is not None
    )
    drafted = structs.replace(flag, state=_state(after.default, options), overrides=overrides)
    own = {key: choice for key, choice in now.own.items() if key not in before.identities}
    own |= {key: _choice(settings, drafted, _state(state, options)) for key, state in after.identities.items()}
    ruleset = now.ruleset.replacing(
        segments={key: compiling.segment_unit(part) for key, part in segments.items()},
        flags={flag.name: compiling.flag_unit(drafted, settings, _seen)},
    )
    return _Rules(ruleset, own)


def _rollout_part(
    known: wire.SegmentPart | None, segment_id: int, percentage: float, split_key: int | None
) -> wire.SegmentPart:
    part = known or wire.SegmentPart(segment_id=segment_id, split_key=segment_id, name="")
    rules = msgspec.convert(rollout_rules(percentage), tuple[wire.Rule, ...])
    return structs.replace(part, rules=rules, split_key=split_key or part.split_key)


def _choice(settings: wire.SettingsPart, flag: wire.FlagPart, state: wire.State) -> engine.Choice[Seen]:
    return compiling.identity_choice(compiling.Source(settings=settings, flag=flag, state=state), _seen)


def _seen(outcome: engine.Outcome, source: compiling.Source) -> Seen:  # noqa: ARG001 - a shape
    option: Any = outcome.option
    variant = outcome.variant if option is None or outcome.variant else str(option.value)
    return Seen(outcome.enabled, outcome.value, variant, type(outcome.value).__name__)


def _state(sheet: StateSheet, options: Mapping[int, MultivariateOption]) -> wire.State:
    last = count(max((weight.position for weight in sheet.weights.values()), default=0) + 1)
    known = [(option_id, weight) for option_id, weight in sheet.weights.items() if option_id in options]
    # Shares that have no row yet come behind those that have one, in the order of their options.
    ordered = sorted(known, key=lambda item: (not item[1].position, item[1].position or item[0]))
    variants = tuple(
        wire.Variant(
            id=0,
            uuid="",
            position=weight.position or next(last),
            option_id=option_id,
            option_key=options[option_id].key,
            value=options[option_id].value,
            weight=weight.percentage,
        )
        for option_id, weight in ordered
    )
    return wire.State(
        id=sheet.row_id, uuid="", enabled=sheet.enabled, value=sheet.value, seed=sheet.seed, variants=variants
    )
