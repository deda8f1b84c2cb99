"""Where each right of a caller in a place comes from."""

from collections.abc import Iterable

from msgspec import Struct

from burgee.control.access.queries import Subject, place_of
from burgee.control.access.rules import Held, Origin, Place, administers, same
from burgee.control.access.standing import Principal, Standing
from burgee.control.organisations.models import Role


class Sources(Struct, frozen=True):
    """Whether it was granted in person, and the groups and roles that give it too."""

    is_direct: bool
    groups: list[Origin]
    roles: list[Origin]


class Inspection(Struct, frozen=True):
    is_admin: bool
    admin_sources: Sources
    permissions: dict[str, Sources]


def inspect(principal: Principal, subject: Subject) -> Inspection:
    """What `principal` may do there, each right with its sources; administering the organisation counts as direct."""
    if subject is None:
        return Inspection(is_admin=False, admin_sources=_sources(()), permissions={})
    place = place_of(subject)
    standing = Standing(principal, as_caller=False)
    if standing.roles.get(place.organisation_id) == Role.ADMIN:
        return Inspection(is_admin=True, admin_sources=Sources(True, [], []), permissions={})
    return _inspection(standing.grants, place)


def _inspection(grants: Iterable[Held], place: Place) -> Inspection:
    admins: list[Origin] = []
    keys: dict[str, list[Origin]] = {}
    for grant in grants:
        if grant.is_admin and administers(grant.place, place):
            admins.append(grant.origin)
        if same(grant.place, place):
            for key in grant.permissions:
                keys.setdefault(key, []).append(grant.origin)
    permissions = {key: _sources(origins) for key, origins in keys.items()}
    return Inspection(is_admin=bool(admins), admin_sources=_sources(admins), permissions=permissions)


def _sources(origins: Iterable[Origin]) -> Sources:
    once = dict.fromkeys(origins)
    return Sources(
        is_direct=any(origin.kind == "direct" for origin in once),
        groups=[origin for origin in once if origin.kind == "group"],
        roles=[origin for origin in once if origin.kind == "role"],
    )
