"""Which parts an event makes out of date, read from its change records alone."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from msgspec import Struct, field

from burgee.control.events.catalog import ObjectType
from burgee.control.events.publish import Change
from burgee.wire.snapshot import SETTINGS, flag_part, overrides_part, segment_part


class Affected(Struct, kw_only=True):
    """Parts by the environments that have them.

    ``project`` names parts of every environment of the event's project, ``organisation`` of its organisation.
    ``overridden`` are features whose identity overrides hold something that changed. ``rebuilt`` are environments,
    and ``everything`` says that all in the event's scope are, which begin or end.
    """

    environments: dict[int, set[str]] = field(default_factory=dict)
    project: set[str] = field(default_factory=set)
    organisation: set[str] = field(default_factory=set)
    overridden: set[int] = field(default_factory=set)
    rebuilt: set[int] = field(default_factory=set)
    everything: bool = False

    def add(self, environment_id: int | None, name: str) -> None:
        if environment_id is not None:
            self.environments.setdefault(environment_id, set()).add(name)


def affected_by(changes: Iterable[Change]) -> Affected:
    """What `changes` make out of date."""
    affected = Affected()
    for change in changes:
        react = REACTIONS.get(change.object)
        if react is not None:
            react(change, affected)
    return affected


def _organisation(change: Change, affected: Affected) -> None:
    affected.organisation.add(SETTINGS)
    affected.everything |= change.action == "deleted"


def _project(change: Change, affected: Affected) -> None:
    affected.project.add(SETTINGS)
    affected.everything |= change.action == "deleted"


def _environment(change: Change, affected: Affected) -> None:
    if change.action == "updated":
        affected.add(change.id, SETTINGS)
    else:
        affected.rebuilt.add(change.id)


def _server_key(change: Change, affected: Affected) -> None:
    affected.add(change.environment_id, SETTINGS)


def _feature(change: Change, affected: Affected) -> None:
    feature_id = change.feature_id or change.id
    affected.project.add(flag_part(feature_id))
    if change.action == "deleted":
        affected.overridden.add(feature_id)


def _option(change: Change, affected: Affected) -> None:
    if change.feature_id is None:
        return
    affected.project.add(flag_part(change.feature_id))
    if change.action != "created":
        affected.overridden.add(change.feature_id)


def _segment(change: Change, affected: Affected) -> None:
    affected.project.add(segment_part(change.id))


def _state(change: Change, affected: Affected) -> None:
    if change.identity_id is not None:
        affected.add(change.environment_id, overrides_part(change.identity_id))
    elif change.feature_id is not None:
        affected.add(change.environment_id, flag_part(change.feature_id))


def _version(change: Change, affected: Affected) -> None:
    # A version that begins to be served brings other rows, even when they say the same.
    if change.feature_id is not None and change.action == "published":
        affected.add(change.environment_id, flag_part(change.feature_id))


def _identity(change: Change, affected: Affected) -> None:
    if change.action == "deleted":
        affected.add(change.environment_id, overrides_part(change.identity_id or change.id))


REACTIONS: Final[Mapping[ObjectType, Callable[[Change, Affected], None]]] = {
    ObjectType.ORGANISATION: _organisation,
    ObjectType.PROJECT: _project,
    ObjectType.ENVIRONMENT: _environment,
    ObjectType.SERVER_KEY: _server_key,
    ObjectType.FEATURE: _feature,
    ObjectType.OPTION: _option,
    ObjectType.SEGMENT: _segment,
    ObjectType.FEATURE_STATE: _state,
    ObjectType.FEATURE_SEGMENT: _state,
    ObjectType.FLAG_VERSION: _version,
    ObjectType.IDENTITY: _identity,
}
"""Objects that are not listed (people, memberships, tags) stand in no snapshot."""
