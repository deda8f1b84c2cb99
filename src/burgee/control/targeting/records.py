"""What changed between two sheets, as change records that can be told later without today's tables."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from msgspec import Struct

from burgee.control.events.catalog import ObjectType
from burgee.control.events.publish import Change
from burgee.control.targeting.models import FlagVersion
from burgee.control.targeting.sheet import Place, Sheet, StateSheet

Item = TypeVar("Item")
Pair = tuple[Item | None, Item | None]


class Names(Struct, frozen=True, kw_only=True):
    """What the ids of a flag are called."""

    feature_id: int
    feature: str
    environment_id: int
    environment: str
    segments: Mapping[int, str]


def paired(before: Mapping[int, Item], after: Mapping[int, Item]) -> Iterator[tuple[int, Pair[Item]]]:
    """By id, what was and what is, where they differ."""
    for key in [*before, *(key for key in after if key not in before)]:
        was, now = before.get(key), after.get(key)
        if was != now:
            yield key, (was, now)


def changes_between(before: Sheet, after: Sheet, names: Names) -> Iterator[Change]:
    """Every state and every place that differs; `after` must carry the ids of its rows."""
    if content(before.default) != content(after.default):
        yield state_change((before.default, after.default), names)
    for segment_id, pair in paired(before.places, after.places):
        yield from _place_changes(segment_id, pair, names)
    for identity_id, (was, now) in paired(before.identities, after.identities):
        if content(was) != content(now):
            yield state_change((was, now), names, identity_id=identity_id)


def content(state: StateSheet | None) -> object:
    """What a state says, whichever row says it."""
    if state is None:
        return None
    weights = {option_id: weight.percentage for option_id, weight in state.weights.items()}
    return state.enabled, state.kind, state.value, weights


def _place_changes(segment_id: int, pair: Pair[Place], names: Names) -> Iterator[Change]:
    was, now = pair
    row = now or was
    if row and (was.priority if was else None) != (now.priority if now else None):
        yield Change(
            object=ObjectType.FEATURE_SEGMENT,
            action=_action(pair),
            id=row.row_id,
            feature_id=names.feature_id,
            environment_id=names.environment_id,
            segment_id=segment_id,
            before=_told(names, segment_id, None) | {"priority": was.priority} if was else None,
            after=_told(names, segment_id, None) | {"priority": now.priority} if now else None,
        )
    states = (was.state if was else None, now.state if now else None)
    if content(states[0]) != content(states[1]):
        priorities = (was.priority if was else None, now.priority if now else None)
        yield state_change(states, names, segment_id=segment_id, priorities=priorities)


def state_change(
    pair: Pair[StateSheet],
    names: Names,
    *,
    segment_id: int | None = None,
    identity_id: int | None = None,
    priorities: Pair[int] = (None, None),
) -> Change:
    """The change of one state: made, changed or taken away."""
    (was, now), (priority_before, priority_after) = pair, priorities
    row = now or was
    return Change(
        object=ObjectType.FEATURE_STATE,
        action=_action(pair),
        id=row.row_id if row else 0,
        feature_id=names.feature_id,
        environment_id=names.environment_id,
        segment_id=segment_id,
        identity_id=identity_id,
        before=_told(names, segment_id, identity_id, priority_before) | _state(was) if was else None,
        after=_told(names, segment_id, identity_id, priority_after) | _state(now) if now else None,
    )


def version_told(version: FlagVersion, names: Names) -> dict[str, Any]:
    """A version as events tell it, without its states."""
    return _told(names, None, None) | {
        "number": version.number,
        "status": str(version.status),
        "description": version.description,
        "live_from": version.live_from.isoformat() if version.live_from else None,
    }


def version_change(
    version: FlagVersion,
    action: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Change:
    """The version's line in an event; ``published`` is the action that changes what is served."""
    return Change(
        object=ObjectType.FLAG_VERSION,
        action=action,
        id=version.pk,
        uuid=str(version.uuid),
        feature_id=version.feature_id,
        environment_id=version.environment_id,
        before=before,
        after=after,
    )


def published_change(version: FlagVersion, sheet: Sheet, names: Names) -> Change:
    """The line of a version that is served from now on, with all its states."""
    states = [_told_state(place.state, names, segment_id) for segment_id, place in sheet.places.items() if place.state]
    told = version_told(version, names) | {"states": [_told_state(sheet.default, names, None), *states]}
    return version_change(version, "published", after=told)


def _told_state(state: StateSheet, names: Names, segment_id: int | None) -> dict[str, Any]:
    if segment_id is None:
        return _state(state)
    return {"segment": {"id": segment_id, "name": names.segments.get(segment_id)}} | _state(state)


def _action(pair: Pair[Item]) -> str:
    was, now = pair
    if was is None:
        return "created"
    return "updated" if now is not None else "deleted"


def _told(names: Names, segment_id: int | None, identity_id: int | None, priority: int | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "feature": {"id": names.feature_id, "name": names.feature},
        "environment": {"id": names.environment_id, "name": names.environment},
    }
    if segment_id is not None:
        told["segment"] = {"id": segment_id, "name": names.segments.get(segment_id)}
    if priority is not None:
        told["segment"]["priority"] = priority
    if identity_id is not None:
        told["identity"] = {"id": identity_id}
    return told


def _state(state: StateSheet) -> dict[str, Any]:
    weights = [{"option": option_id, "percentage": weight.percentage} for option_id, weight in state.weights.items()]
    return {"enabled": state.enabled, "value": state.value, "weights": weights}
