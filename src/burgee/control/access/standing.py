"""Who a caller is in each organisation and what was granted to them, read once a request with at most two queries."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from burgee.control.access.models import Grant, RoleAssignment
from burgee.control.access.rules import (
    ADMINISTRATOR,
    DIRECT,
    EVERY_FEATURE,
    NOBODY,
    Held,
    Origin,
    Place,
    Rights,
    limit_of,
    rights_from,
)
from burgee.control.accounts.factors import has_factor
from burgee.control.accounts.models import EVERYWHERE, User
from burgee.control.kit.prepared import Prepared
from burgee.control.organisations.models import ApiKey, GroupMembership, Membership, Role

Principal = User | ApiKey
"""Whoever can be allowed something: a person, or a key of an organisation."""

M = TypeVar("M", bound=Model)

_MEMBERSHIPS = Prepared(
    lambda user_id: Membership.objects.filter(user_id=user_id).values_list(
        "organisation_id", "role", "organisation__force_2fa"
    )
)


class Standing:
    """What `principal` is and holds; nothing is held outside the organisations they belong to.

    `as_caller`: an organisation that wants a second factor of its people gives nothing to somebody without one.
    """

    def __init__(self, principal: Principal, *, as_caller: bool = True) -> None:
        self.principal = principal
        self.as_caller = as_caller

    @cached_property
    def roles(self) -> dict[int, str]:
        """Organisation id → ADMIN or USER."""
        if isinstance(self.principal, ApiKey):
            return {self.principal.organisation_id: Role.ADMIN if self.principal.is_admin else Role.USER}
        return {number: role for number, (role, _) in self._memberships.items() if number not in self.withheld}

    @cached_property
    def withheld(self) -> frozenset[int]:
        """The organisations that want a second factor, where none was shown and the account has none."""
        if isinstance(self.principal, ApiKey) or not self.as_caller:
            return frozenset()
        shown_at = self.principal.second_factor_at
        wanting = {number for number, (_, wants) in self._memberships.items() if wants} - {shown_at}
        if not wanting or shown_at == EVERYWHERE or has_factor(self.principal):
            return frozenset()
        return frozenset(wanting)

    @cached_property
    def _memberships(self) -> dict[int, tuple[str, bool]]:
        """Organisation id → role, and whether a second factor is wanted there."""
        rows = _MEMBERSHIPS.all(user_id=self.principal.pk)
        return {number: (role, wants) for number, role, wants in rows}

    @cached_property
    def administered(self) -> list[int]:
        """The ids of the organisations they administer."""
        return [organisation_id for organisation_id, role in self.roles.items() if role == Role.ADMIN]

    @cached_property
    def grants(self) -> list[Held]:
        """What reaches them in the organisations that they do not administer."""
        plain = [organisation_id for organisation_id, role in self.roles.items() if role != Role.ADMIN]
        return list(held_by(self.principal, plain)) if plain else []

    def rights_at(self, place: Place) -> Rights:
        role = self.roles.get(place.organisation_id)
        if role is None:
            return NOBODY
        return ADMINISTRATOR if role == Role.ADMIN else rights_from(self.grants, place)


def standing_of(principal: Principal) -> Standing:
    """Remembered with the object, which lives as long as the request that authenticated it."""
    known: Standing | None = vars(principal).get("_standing")
    if known is None:
        known = Standing(principal)
        vars(principal)["_standing"] = known
    return known


def held_by(principal: Principal, organisation_ids: list[int]) -> Iterator[Held]:
    """Every grant that reaches `principal` there, with where it comes from."""
    rows = Grant.objects.filter(_reaches(principal), organisation_id__in=organisation_ids)
    for row in rows.select_related("group", "role").order_by("id"):
        yield _held(row)


def _reaches(principal: Principal) -> Q:
    if isinstance(principal, ApiKey):
        return Q(role_id__in=_ids(RoleAssignment.objects.filter(api_key_id=principal.pk), "role_id"))
    groups = _ids(GroupMembership.objects.filter(user_id=principal.pk), "group_id")
    assigned = RoleAssignment.objects.filter(Q(user_id=principal.pk) | Q(group_id__in=groups))
    return Q(user_id=principal.pk) | Q(group_id__in=groups) | Q(role_id__in=_ids(assigned, "role_id"))


def _ids(rows: QuerySet[M], name: str) -> QuerySet[M, Any]:
    return rows.values_list(name, flat=True)


def _held(row: Grant) -> Held:
    place = Place(row.organisation_id, row.project_id, row.environment_id)
    if row.role is not None:
        of_role = tuple(row.role.tags)
        keys = {entry["key"]: limit_of(entry["key"], entry["tags"], of_role) for entry in row.permissions}
        return Held(place, row.is_admin, keys, Origin("role", row.role.pk, row.role.name, of_role))
    origin = DIRECT if row.group is None else Origin("group", row.group.pk, row.group.name)
    return Held(place, row.is_admin, dict.fromkeys((entry["key"] for entry in row.permissions), EVERY_FEATURE), origin)
