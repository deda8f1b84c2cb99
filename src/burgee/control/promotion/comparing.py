"""Two environments side by side: which flags are served differently, field by field."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from msgspec import Struct

from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.segments.models import Segment
from burgee.control.segments.rollouts import is_rollout, percentage_of
from burgee.control.targeting.models import Flag
from burgee.control.targeting.rows import load_sheets
from burgee.control.targeting.sheet import Place, Sheet, StateSheet

T = TypeVar("T")


class Part(StrEnum):
    """What can be copied by itself."""

    ENABLED = "enabled"
    VALUE = "value"
    MULTIVARIATE = "multivariate"
    SEGMENT_OVERRIDES = "segment_overrides"


class Difference(Struct, frozen=True, kw_only=True):
    part: Part
    field: str
    source: Any
    target: Any
    segment: Segment | None = None


class FlagSide(Struct, frozen=True, kw_only=True):
    """A flag as one environment serves it."""

    sheet: Sheet
    change_number: int


class FlagComparison(Struct, frozen=True, kw_only=True):
    feature: Feature
    source: FlagSide
    target: FlagSide
    differences: Sequence[Difference]


class Comparison(Struct, frozen=True, kw_only=True):
    """``flags`` are those that differ, of all that were ``compared``; overrides name ``segments`` by id."""

    compared: int
    flags: Sequence[FlagComparison]
    segments: Mapping[int, Segment]
    option_ids: Mapping[int, Sequence[int]]


def compare(
    source: Environment,
    target: Environment,
    features: Sequence[Feature],
    parts: Collection[Part] = frozenset(Part),
) -> Comparison:
    """How `target` differs from `source` in some features, in a constant number of queries."""
    ids = [feature.pk for feature in features]
    sides = (_sides(source, ids), _sides(target, ids))
    wanted = {id_ for side in sides for flag in side.values() for id_ in flag.sheet.places}
    segments = Segment.objects.in_bulk(wanted)
    found = [
        FlagComparison(
            feature=feature,
            source=sides[0][feature.pk],
            target=sides[1][feature.pk],
            differences=list(_differences(sides[0][feature.pk].sheet, sides[1][feature.pk].sheet, segments, parts)),
        )
        for feature in features
        if feature.pk in sides[0] and feature.pk in sides[1]
    ]
    options: dict[int, list[int]] = {}
    for feature_id, option_id in MultivariateOption.objects.filter(feature__in=ids).values_list("feature_id", "pk"):
        options.setdefault(feature_id, []).append(option_id)
    return Comparison(
        compared=len(found),
        flags=[flag for flag in found if flag.differences],
        segments=segments,
        option_ids={key: sorted(values) for key, values in options.items()},
    )


def _sides(environment: Environment, feature_ids: Sequence[int]) -> dict[int, FlagSide]:
    rows = Flag.objects.filter(environment=environment, feature_id__in=feature_ids)
    numbers = dict(rows.values_list("feature_id", "change_number"))
    sheets = load_sheets(environment.pk, feature_ids)
    return {key: FlagSide(sheet=sheet, change_number=numbers.get(key, 0)) for key, sheet in sheets.items()}


def _differences(
    source: Sheet, target: Sheet, segments: Mapping[int, Segment], parts: Collection[Part]
) -> Iterator[Difference]:
    for part, field, was, now in _state_differences(source.default, target.default):
        if part in parts:
            yield Difference(part=part, field=field, source=was, target=now)
    if Part.SEGMENT_OVERRIDES in parts:
        yield from _override_differences(_by_meaning(source, segments), _by_meaning(target, segments))


def _state_differences(source: StateSheet, target: StateSheet) -> Iterator[tuple[Part, str, Any, Any]]:
    if source.enabled != target.enabled:
        yield Part.ENABLED, "enabled", source.enabled, target.enabled
    if (source.kind, source.value) != (target.kind, target.value):
        yield Part.VALUE, "value", source.value, target.value
    for option_id in dict.fromkeys([*source.weights, *target.weights]):
        shares = [side.weights[option_id].percentage if option_id in side.weights else 0.0 for side in (source, target)]
        if shares[0] != shares[1]:
            yield Part.MULTIVARIATE, f"weight of variant {option_id}", shares[0], shares[1]


Override = tuple[Segment, int, Place]


def _by_meaning(sheet: Sheet, segments: Mapping[int, Segment]) -> dict[object, Override]:
    """Overrides by what is the same in both environments: a segment, or the flag's own roll-out; counted from 0."""
    living = [(segments[key], place) for key, place in sheet.places.items() if key in segments and place.state]
    ordered = sorted(living, key=lambda item: (item[1].priority, item[1].row_id))
    return {
        "rollout" if is_rollout(segment) else segment.pk: (segment, order, place)
        for order, (segment, place) in enumerate(ordered)
    }


def _override_differences(source: Mapping[object, Override], target: Mapping[object, Override]) -> Iterator[Difference]:
    for key in dict.fromkeys([*source, *target]):
        was, now = source.get(key), target.get(key)
        segment = (was or now or (None,))[0]
        for field, old, new in _fields(was, now):
            yield Difference(part=Part.SEGMENT_OVERRIDES, field=field, source=old, target=new, segment=segment)


def _fields(source: Override | None, target: Override | None) -> Iterator[tuple[str, Any, Any]]:
    if source is None or target is None:
        yield "override", source is not None, target is not None
        return
    if source[1] != target[1]:
        yield "priority", source[1], target[1]
    if percentage_of(source[0]) != percentage_of(target[0]):
        yield "rollout", percentage_of(source[0]), percentage_of(target[0])
    if source[2].state and target[2].state:
        for _, field, old, new in _state_differences(source[2].state, target[2].state):
            yield field, old, new
