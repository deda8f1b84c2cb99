"""The groups of an organisation as its directory wants them."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import Final, TypeVar

from django.db import transaction
from msgspec import Struct

from burgee.control.kit.actor import Actor
from burgee.control.organisations.groups import (
    add_to_group,
    change_group,
    create_group,
    remove_from_group,
)
from burgee.control.organisations.models import GroupMembership, Membership, Organisation, UserGroup
from burgee.control.scim.errors import UnknownMembers
from burgee.control.scim.people import visible

T = TypeVar("T")

AT_ONCE: Final = 500
"""How many ids one query names."""


class WantedGroup(Struct, frozen=True, kw_only=True):
    """A group as the directory says, with the uuids of everybody in it."""

    name: str
    external_id: str | None
    members: frozenset[uuid.UUID]


@transaction.atomic
def add_group(organisation: Organisation, wanted: WantedGroup, *, actor: Actor) -> UserGroup:
    group = create_group(organisation, wanted.name, external_id=wanted.external_id, actor=actor)
    _fill(group, wanted.members, actor)
    return group


@transaction.atomic
def change_to(group: UserGroup, wanted: WantedGroup, *, actor: Actor) -> None:
    change_group(group, name=wanted.name, external_id=wanted.external_id, actor=actor)
    _fill(group, wanted.members, actor)


def _fill(group: UserGroup, wanted: frozenset[uuid.UUID], actor: Actor) -> None:
    """Suspended people are in no group, so that they are left out; strangers are refused."""
    inside = dict(GroupMembership.objects.filter(group=group).values_list("user__uuid", "user_id"))
    gone = [user_id for found, user_id in inside.items() if found not in wanted]
    for user_ids in _slices(sorted(gone)):
        remove_from_group(group, user_ids, actor=actor)
    for user_ids in _slices(sorted(_members(group.organisation, wanted - inside.keys()))):
        add_to_group(group, user_ids, actor=actor)


def _members(organisation: Organisation, wanted: Collection[uuid.UUID]) -> Iterator[int]:
    for uuids in _slices(list(wanted)):
        user_ids = list(visible(organisation).filter(uuid__in=uuids).values_list("pk", flat=True))
        if len(user_ids) != len(uuids):
            raise UnknownMembers
        members = Membership.objects.filter(organisation=organisation, user_id__in=user_ids)
        yield from members.values_list("user_id", flat=True)


def _slices(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
