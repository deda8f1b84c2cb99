"""Between a sheet and its rows: read a flag's states, make new ones, many at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, TypeVar

from django.db.models import F, Model
from msgspec import Struct

from burgee.control.kit.prepared import Prepared
from burgee.control.targeting.models import (
    FeatureSegment,
    FeatureState,
    FlagVersion,
    VariantWeight,
    VersionStatus,
    default_key,
    identity_key,
    segment_key,
)
from burgee.control.targeting.sheet import Place, Sheet, StateSheet, Weight
from burgee.wire.snapshot import OVERRIDE_BUCKETS

BATCH: Final = 500

Row = TypeVar("Row", bound=Model)


class NewState(Struct, frozen=True, kw_only=True):
    """A state to be made: of a version (and perhaps a segment), or of an identity."""

    environment_id: int
    feature_id: int
    sheet: StateSheet
    version_id: int | None = None
    place: FeatureSegment | None = None
    identity_id: int | None = None


def created(model: type[Row], rows: Sequence[Row]) -> list[Row]:
    """`rows` (which have a ``uuid``) after insertion, with their ids on every engine."""
    made = model._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001 - Django's documented name
    for batch in batches([row for row in made if row.pk is None]):
        uuids = [row.serializable_value("uuid") for row in batch]
        ids = dict(model._default_manager.filter(uuid__in=uuids).values_list("uuid", "pk"))  # noqa: SLF001
        for row in batch:
            row.pk = ids[row.serializable_value("uuid")]
    return made


def batches(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def insert_states(news: Sequence[NewState]) -> list[FeatureState]:
    """Make states with their weights; one without a seed gets its own id, and so do weights without a position."""
    states = created(FeatureState, [_state_row(new) for new in news])
    _own_ids(FeatureState, "bucketing_seed", [row for row, new in zip(states, news, strict=True) if not new.sheet.seed])
    insert_weights(zip(states, (new.sheet.weights for new in news), strict=True))
    return states


def insert_weights(owned: Iterable[tuple[FeatureState, Mapping[int, Weight]]]) -> None:
    """Make the weights of states."""
    rows = [
        VariantWeight(
            state_id=state.pk,
            option_id=option_id,
            percentage_allocation=weight.percentage,
            position=weight.position,
        )
        for state, weights in owned
        for option_id, weight in sorted(weights.items(), key=_by_position)
    ]
    _own_ids(VariantWeight, "position", [row for row in created(VariantWeight, rows) if not row.position])


def _by_position(item: tuple[int, Weight]) -> tuple[bool, int]:
    option_id, weight = item
    return not weight.position, weight.position or option_id


def _own_ids(model: type[FeatureState | VariantWeight], field: str, rows: Sequence[Model]) -> None:
    for batch in batches(rows):
        model._default_manager.filter(pk__in=[row.pk for row in batch]).update(**{field: F("id")})  # noqa: SLF001
        for row in batch:
            setattr(row, field, row.pk)


def _state_row(new: NewState) -> FeatureState:
    return FeatureState(
        version_id=new.version_id,
        environment_id=new.environment_id,
        feature_id=new.feature_id,
        feature_segment=new.place,
        identity_id=new.identity_id,
        identity_bucket=None if new.identity_id is None else new.identity_id % OVERRIDE_BUCKETS,
        live_key=_live_key(new),
        enabled=new.sheet.enabled,
        value=new.sheet.value,
        bucketing_seed=new.sheet.seed,
    )


def _live_key(new: NewState) -> str:
    if new.identity_id is not None:
        return identity_key(new.environment_id, new.feature_id, new.identity_id)
    version_id = new.version_id or 0
    return segment_key(version_id, new.place.segment_id) if new.place else default_key(version_id)


def insert_places(version: FlagVersion, places: Mapping[int, Place]) -> dict[int, FeatureSegment]:
    """Make the places of segments in `version`, by segment id."""
    rows = [
        FeatureSegment(
            version=version,
            environment_id=version.environment_id,
            feature_id=version.feature_id,
            segment_id=segment_id,
            priority=place.priority,
        )
        for segment_id, place in places.items()
    ]
    return {row.segment_id: row for row in created(FeatureSegment, rows)}


def insert_sheet(version: FlagVersion, sheet: Sheet) -> None:
    """Make every versioned row of `sheet` in a version that has none."""
    places = insert_places(version, sheet.places)
    overrides = [
        versioned(version, place.state, places[segment_id]) for segment_id, place in sheet.places.items() if place.state
    ]
    insert_states([versioned(version, sheet.default), *overrides])


def versioned(version: FlagVersion, sheet: StateSheet, place: FeatureSegment | None = None) -> NewState:
    """A state of `version`: its default, or the override at `place`."""
    return NewState(
        environment_id=version.environment_id,
        feature_id=version.feature_id,
        version_id=version.pk,
        place=place,
        sheet=sheet,
    )


_STATES = Prepared(lambda version_id: FeatureState.objects.filter(version_id=version_id))
_OVERRIDES = Prepared(
    lambda environment_id, feature_id, identity_ids: FeatureState.objects.filter(
        environment_id=environment_id, feature_id=feature_id, identity_id__in=identity_ids
    )
)
_WEIGHTS = Prepared(lambda state_ids: VariantWeight.objects.filter(state_id__in=state_ids).order_by("position", "id"))
_PLACES = Prepared(lambda version_id: FeatureSegment.objects.filter(version_id=version_id).order_by("priority", "id"))


def load_sheet(version: FlagVersion, identity_ids: Iterable[int] = ()) -> Sheet:
    """The rows of `version`, and the overrides of these identities for the same flag, in four queries."""
    states = _STATES.all(version_id=version.pk)
    states += _OVERRIDES.all(
        environment_id=version.environment_id, feature_id=version.feature_id, identity_ids=list(identity_ids)
    )
    weights = weights_by_state(stored_weights(states))
    sheets = {state.pk: state_sheet(state, weights.get(state.pk, {})) for state in states}
    of_place = {state.feature_segment_id: sheets[state.pk] for state in states if state.feature_segment_id}
    return Sheet(
        default=next(
            sheets[state.pk] for state in states if state.identity_id is None and not state.feature_segment_id
        ),
        places={
            place.segment_id: Place(priority=place.priority, row_id=place.pk, state=of_place.get(place.pk))
            for place in _PLACES.all(version_id=version.pk)
        },
        identities={state.identity_id: sheets[state.pk] for state in states if state.identity_id is not None},
    )


def stored_weights(states: Iterable[FeatureState]) -> list[VariantWeight]:
    """The weights of these states, in their order, in one query."""
    return _WEIGHTS.all(state_ids=[state.pk for state in states])


def load_sheets(environment_id: int, feature_ids: Collection[int] | None = None) -> dict[int, Sheet]:
    """What is served of several flags, or of all living ones, by feature id, without identities; in three queries."""
    about: dict[str, Any] = {"environment_id": environment_id, "version__status": VersionStatus.LIVE}
    about |= {"feature__deleted_at": None} if feature_ids is None else {"feature_id__in": feature_ids}
    rows = FeatureState.objects.filter(**about)
    weights = weights_by_state(VariantWeight.objects.filter(state__in=rows))
    defaults: dict[int, StateSheet] = {}
    of_place: dict[int, StateSheet] = {}
    for state in rows:
        sheet = state_sheet(state, weights.get(state.pk, {}))
        if state.feature_segment_id is None:
            defaults[state.feature_id] = sheet
        else:
            of_place[state.feature_segment_id] = sheet
    places: dict[int, dict[int, Place]] = {}
    for place in FeatureSegment.objects.filter(**about, segment__deleted_at=None).order_by("priority", "id"):
        told = Place(priority=place.priority, row_id=place.pk, state=of_place.get(place.pk))
        places.setdefault(place.feature_id, {})[place.segment_id] = told
    return {
        feature_id: Sheet(default=default, places=places.get(feature_id, {}), identities={})
        for feature_id, default in defaults.items()
    }


def weights_by_state(rows: Iterable[VariantWeight]) -> dict[int, dict[int, Weight]]:
    """Weights by state id and option id, in their order."""
    found: dict[int, dict[int, Weight]] = {}
    for row in sorted(rows, key=attrgetter("position", "pk")):
        weight = Weight(percentage=row.percentage_allocation, position=row.position)
        found.setdefault(row.state_id, {})[row.option_id] = weight
    return found


def state_sheet(state: FeatureState, weights: Mapping[int, Weight]) -> StateSheet:
    return StateSheet(
        enabled=state.enabled, value=state.value, weights=weights, row_id=state.pk, seed=state.bucketing_seed
    )
