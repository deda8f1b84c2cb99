"""What follows from standings and grants; no database."""

from collections.abc import Collection, Iterable
from typing import Final

from msgspec import Struct

from burgee.control.access.permissions import LEVEL_OF, TAG_LIMITED, Level, Permission

Tags = frozenset[int]

EVERY_FEATURE: Final[Tags] = frozenset()
"""No tags: not limited."""


class Place(Struct, frozen=True):
    """An organisation, a project of it, or an environment of that."""

    organisation_id: int
    project_id: int | None = None
    environment_id: int | None = None

    @property
    def level(self) -> Level:
        if self.environment_id is not None:
            return Level.ENVIRONMENT
        return Level.ORGANISATION if self.project_id is None else Level.PROJECT

    def at(self, level: Level) -> "Place | None":
        """This place or the one around it on that level; None when it lies deeper."""
        if level is Level.ORGANISATION:
            return Place(self.organisation_id)
        if level is Level.PROJECT:
            return Place(self.organisation_id, self.project_id) if self.project_id is not None else None
        return self if self.environment_id is not None else None


class Origin(Struct, frozen=True):
    """Through what a grant reaches somebody: ``direct``, ``group`` or ``role``."""

    kind: str
    id: int = 0
    name: str = ""
    tags: tuple[int, ...] = ()


DIRECT: Final = Origin("direct")


class Held(Struct, frozen=True):
    """One grant as it reaches somebody. ``place`` of an environment has no project."""

    place: Place
    is_admin: bool
    permissions: dict[str, Tags]
    origin: Origin


class Rights(Struct, frozen=True):
    """What somebody may do in one place: each key with the limits of the grants that give it."""

    is_admin: bool
    held: dict[str, frozenset[Tags]]

    def allows(self, permission: str, tags: Collection[int] = ()) -> bool:
        """Whether it is allowed for a feature with these tags; without tags, for every feature."""
        limits = self.held.get(permission, frozenset())
        return self.is_admin or any(not limit or not limit.isdisjoint(tags) for limit in limits)

    def allows_some(self, permission: str) -> bool:
        """Whether it is allowed for one feature at least."""
        return self.is_admin or permission in self.held

    @property
    def unlimited(self) -> list[str]:
        return [key for key, limits in self.held.items() if EVERY_FEATURE in limits]

    @property
    def limited(self) -> dict[Tags, list[str]]:
        """The keys of each set of tags, of the keys that are not held without limit."""
        found: dict[Tags, list[str]] = {}
        for key, limits in self.held.items():
            for limit in sorted(limits, key=sorted) if EVERY_FEATURE not in limits else ():
                found.setdefault(limit, []).append(key)
        return found


ADMINISTRATOR: Final = Rights(is_admin=True, held={})
NOBODY: Final = Rights(is_admin=False, held={})


def rights_from(grants: Iterable[Held], place: Place) -> Rights:
    """The union of what `grants` give in `place`; who administers a project administers its environments."""
    is_admin = False
    held: dict[str, set[Tags]] = {}
    for grant in grants:
        is_admin = is_admin or (grant.is_admin and administers(grant.place, place))
        if same(grant.place, place):
            for key, limit in grant.permissions.items():
                held.setdefault(key, set()).add(limit)
    return Rights(is_admin=is_admin, held={key: frozenset(limits) for key, limits in held.items()})


def same(granted: Place, place: Place) -> bool:
    if granted.organisation_id != place.organisation_id or granted.environment_id != place.environment_id:
        return False
    return place.environment_id is not None or granted.project_id == place.project_id


def administers(granted: Place, place: Place) -> bool:
    """Whether being administrator of the one makes administrator of the other."""
    if granted.level is Level.PROJECT:
        return granted.organisation_id == place.organisation_id and granted.project_id == place.project_id
    return same(granted, place)


def limit_of(permission: str, own: Iterable[int], of_role: Iterable[int]) -> Tags:
    """The tags that limit a key in a role: its own, else the role's; keys that tags cannot limit have none."""
    if permission not in TAG_LIMITED:
        return EVERY_FEATURE
    return frozenset(own) or frozenset(of_role)


def asked_at(permission: Permission, place: Place) -> Place | None:
    """Where a grant of `permission` counts for something asked about `place`; None when nowhere."""
    level = LEVEL_OF.get(permission)
    if level is not None:
        return place.at(level)
    if permission is Permission.PROJECT_ADMIN:
        return place.at(Level.PROJECT)
    return place if permission is Permission.ENVIRONMENT_ADMIN and place.project_id is not None else None
