"""A flag's states in memory: edits are folded here, without the database, before any row is touched."""

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Final

from msgspec import UNSET, Struct, structs

from burgee.control.kit.values import FlagValue, value_type
from burgee.control.targeting import rules
from burgee.control.targeting.edits import AddSegment, Edit, Everyone, ForIdentity, ForSegment, Remove, Reorder, Set
from burgee.control.targeting.errors import FeatureSegmentNotFound, OptionNotFound, StateExists, StateMissing


class Weight(Struct, frozen=True, kw_only=True):
    """The share of an option; ``position`` 0 is a share that has no row yet."""

    percentage: float
    position: int = 0


class StateSheet(Struct, frozen=True, kw_only=True):
    """One state; ``row_id`` and ``seed`` 0 is a state that has no row yet.

    ``kind`` follows from the value: with it, 1 and true are different states.
    """

    enabled: bool
    value: FlagValue
    weights: Mapping[int, Weight] = {}
    row_id: int = 0
    seed: int = 0
    kind: str = ""

    def __post_init__(self) -> None:
        structs.force_setattr(self, "kind", value_type(self.value))


class Place(Struct, frozen=True, kw_only=True):
    """Where a segment stands in the order, and its state: None between the two steps of the older API."""

    priority: int
    row_id: int = 0
    state: StateSheet | None = None


class Sheet(Struct, frozen=True, kw_only=True):
    """All versioned states of a flag, and those identity overrides that the edits are about."""

    default: StateSheet
    places: Mapping[int, Place]
    identities: Mapping[int, StateSheet]


class Facts(Struct, frozen=True, kw_only=True):
    """What a fold must know beside the states."""

    initial_value: FlagValue
    option_ids: frozenset[int]
    value_limit: int


def fold(sheet: Sheet, edits: Iterable[Edit], facts: Facts) -> Sheet:
    """`sheet` after `edits`, in their order; raises a DomainError when one cannot be made."""
    after = sheet
    for edit in edits:
        after = _FOLDS[type(edit)](after, edit, facts)
    return _settled(sheet, after)


def has_rows(sheet: Sheet) -> bool:
    """Whether every place, state and weight has its row: then nothing is left to be told by the database."""
    states = [sheet.default, *sheet.identities.values(), *(place.state for place in sheet.places.values())]
    return all(place.row_id for place in sheet.places.values()) and all(
        state.row_id and all(weight.position for weight in state.weights.values()) for state in states if state
    )


def _settled(before: Sheet, after: Sheet) -> Sheet:
    """`after`, where what was taken away and given again keeps its row, its seed and its positions."""
    places = {
        key: _same_place(before.places[key], place) if key in before.places else place
        for key, place in after.places.items()
    }
    identities = {key: _same_state(before.identities.get(key), state) for key, state in after.identities.items()}
    return structs.replace(after, places=places, identities=identities)


def _same_place(was: Place, now: Place) -> Place:
    state = _same_state(was.state, now.state) if now.state else None
    return structs.replace(now, row_id=was.row_id, state=state)


def _same_state(was: StateSheet | None, now: StateSheet) -> StateSheet:
    if was is None:
        return now
    weights = {
        option_id: structs.replace(weight, position=was.weights[option_id].position)
        if option_id in was.weights
        else weight
        for option_id, weight in now.weights.items()
    }
    return structs.replace(now, row_id=was.row_id, seed=was.seed, weights=weights)


def _set(sheet: Sheet, edit: Set, facts: Facts) -> Sheet:
    match edit.target:
        case Everyone():
            return structs.replace(sheet, default=_edited(sheet.default, edit, facts))
        case ForIdentity(identity_id=identity_id):
            state = _edited(sheet.identities.get(identity_id), edit, facts)
            return structs.replace(sheet, identities={**sheet.identities, identity_id: state})
        case ForSegment(segment_id=segment_id, priority=priority):
            placed = _placed(sheet, segment_id, priority)
            place = placed.places[segment_id]
            place = structs.replace(place, state=_edited(place.state, edit, facts))
            return structs.replace(placed, places={**placed.places, segment_id: place})


def _edited(state: StateSheet | None, edit: Set, facts: Facts) -> StateSheet:
    if state is not None and edit.must_be_new:
        raise StateExists
    if state is None and edit.must_exist:
        raise StateMissing
    state = state or StateSheet(enabled=False, value=facts.initial_value)
    enabled = state.enabled if edit.enabled is UNSET else edit.enabled
    value = state.value if edit.value is UNSET else edit.value
    rules.check_value(value, limit=facts.value_limit)
    weights = state.weights if edit.weights is UNSET else _weighed(state.weights, edit.weights, facts)
    return structs.replace(state, enabled=enabled, value=value, weights=weights)


def _weighed(weights: Mapping[int, Weight], percentages: Mapping[int, float], facts: Facts) -> dict[int, Weight]:
    for option_id in percentages:
        if option_id not in facts.option_ids:
            raise OptionNotFound(id=option_id)
    changed = dict(weights)
    for option_id, percentage in percentages.items():
        known = weights.get(option_id)
        changed[option_id] = Weight(percentage=percentage, position=known.position if known else 0)
    rules.check_allocation(weight.percentage for weight in changed.values())
    return changed


def _placed(sheet: Sheet, segment_id: int, priority: int | None) -> Sheet:
    priorities = {known: place.priority for known, place in sheet.places.items()}
    if segment_id not in priorities:
        priorities = rules.appended(priorities, segment_id)
    if priority is not None:
        priorities = rules.moved(priorities, segment_id, priority)
    return _ordered(sheet, priorities)


def _ordered(sheet: Sheet, priorities: Mapping[int, int]) -> Sheet:
    places = {
        segment_id: structs.replace(sheet.places.get(segment_id, Place(priority=priority)), priority=priority)
        for segment_id, priority in priorities.items()
    }
    return structs.replace(sheet, places=places)


def _remove(sheet: Sheet, edit: Remove, _facts: Facts) -> Sheet:
    match edit.target:
        case ForIdentity(identity_id=identity_id):
            kept = {known: state for known, state in sheet.identities.items() if known != identity_id}
            return structs.replace(sheet, identities=kept)
        case ForSegment(segment_id=segment_id) if segment_id in sheet.places:
            priorities = {known: place.priority for known, place in sheet.places.items()}
            return _ordered(sheet, rules.removed(priorities, segment_id))
        case _:
            return sheet


def _add_segment(sheet: Sheet, edit: AddSegment, _facts: Facts) -> Sheet:
    return _placed(sheet, edit.segment_id, edit.priority)


def _reorder(sheet: Sheet, edit: Reorder, _facts: Facts) -> Sheet:
    segment_ids = {place.row_id: segment_id for segment_id, place in sheet.places.items()}
    for row_id, priority in sorted(edit.priorities.items(), key=itemgetter(1)):
        if not row_id or row_id not in segment_ids:
            raise FeatureSegmentNotFound
        sheet = _placed(sheet, segment_ids[row_id], priority)
    return sheet


_FOLDS: Final[Mapping[type[Edit], Callable[..., Sheet]]] = {
    Set: _set,
    Remove: _remove,
    AddSegment: _add_segment,
    Reorder: _reorder,
}
