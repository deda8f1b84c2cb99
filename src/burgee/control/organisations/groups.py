"""Groups of people: made, changed, filled and emptied."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import live_key
from burgee.control.organisations.errors import ExternalIdTaken, NotInGroup, UnknownUsers
from burgee.control.organisations.models import GroupMembership, Membership, Organisation, UserGroup


@transaction.atomic
def create_group(organisation: Organisation, name: str, *, actor: Actor, **facts: Any) -> UserGroup:
    group = UserGroup(organisation=organisation, name=name, **facts)
    _save(group)
    _tell(group, EventType.GROUP_CREATED, [_change(group, "created", after=_told(group))], actor)
    return group


@transaction.atomic
def change_group(group: UserGroup, *, actor: Actor, **facts: Any) -> UserGroup:
    if all(getattr(group, name) == new for name, new in facts.items()):
        return group
    before = _told(group)
    for name, new in facts.items():
        setattr(group, name, new)
    _save(group)
    _tell(group, EventType.GROUP_CHANGED, [_change(group, "updated", before=before, after=_told(group))], actor)
    return group


@transaction.atomic
def delete_group(group: UserGroup, *, actor: Actor) -> None:
    """What was granted to the group goes with it."""
    _tell(group, EventType.GROUP_DELETED, [_change(group, "deleted", before=_told(group))], actor)
    group.delete()


@transaction.atomic
def add_to_group(group: UserGroup, user_ids: Collection[int], *, actor: Actor) -> None:
    """All of them or, when one is no member of the organisation, none."""
    _refuse_strangers(group, user_ids)
    inside = set(GroupMembership.objects.filter(group=group, user_id__in=user_ids).values_list("user_id", flat=True))
    changes = []
    for user_id in sorted(set(user_ids) - inside):
        membership = GroupMembership.objects.create(group=group, user_id=user_id)
        changes.append(_membership_change(membership, "created"))
    if changes:
        _tell(group, EventType.GROUP_MEMBERS_CHANGED, changes, actor)


@transaction.atomic
def remove_from_group(group: UserGroup, user_ids: Collection[int], *, actor: Actor) -> None:
    _refuse_strangers(group, user_ids)
    rows = list(GroupMembership.objects.filter(group=group, user_id__in=user_ids).order_by("id"))
    if not rows:
        return
    changes = [_membership_change(row, "deleted") for row in rows]
    GroupMembership.objects.filter(pk__in=[row.pk for row in rows]).delete()
    _tell(group, EventType.GROUP_MEMBERS_CHANGED, changes, actor)


@transaction.atomic
def set_group_admin(group: UserGroup, user_id: int, *, is_admin: bool, actor: Actor) -> None:
    """Whether the user, who is in the group, manages it."""
    membership = GroupMembership.objects.filter(group=group, user_id=user_id).first()
    if membership is None:
        raise NotInGroup
    if membership.is_admin == is_admin:
        return
    membership.is_admin = is_admin
    membership.save(update_fields=["is_admin"])
    change = _membership_change(membership, "updated", before=not is_admin)
    _tell(group, EventType.GROUP_MEMBERS_CHANGED, [change], actor)


def _save(group: UserGroup) -> None:
    group.external_key = group.external_id and live_key("group", group.organisation_id, group.external_id)
    with on_violation(ExternalIdTaken()):
        group.save()


def _refuse_strangers(group: UserGroup, user_ids: Collection[int]) -> None:
    members = Membership.objects.filter(organisation_id=group.organisation_id, user_id__in=user_ids)
    if members.count() != len(set(user_ids)):
        raise UnknownUsers


def _told(group: UserGroup) -> dict[str, Any]:
    return {"name": group.name, "is_default": group.is_default, "external_id": group.external_id}


def _change(group: UserGroup, action: str, **values: Any) -> Change:
    return Change(object=ObjectType.GROUP, action=action, id=group.pk, uuid=str(group.uuid), **values)


def _membership_change(membership: GroupMembership, action: str, *, before: bool | None = None) -> Change:
    group = {"id": membership.group_id, "name": membership.group.name}
    told = {"group": group, "user": {"id": membership.user_id}, "is_admin": membership.is_admin}
    return Change(
        object=ObjectType.GROUP_MEMBERSHIP,
        action=action,
        id=membership.pk,
        before=None if action == "created" else told | ({} if before is None else {"is_admin": before}),
        after=None if action == "deleted" else told,
    )


def _tell(group: UserGroup, event_type: EventType, changes: list[Change], actor: Actor) -> None:
    publish(event_type, scope=Scope(organisation_id=group.organisation_id), changes=changes, actor=actor)
