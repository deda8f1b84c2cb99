"""How people and groups are shown beside what they were granted."""

from typing import Any

from burgee.control.accounts.models import User
from burgee.control.organisations.models import GroupMembership, UserGroup


def user_json(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "last_login": user.last_login,
        "uuid": user.uuid,
    }


def group_json(group: UserGroup) -> dict[str, Any]:
    """With the people in it; needs ``memberships__user`` prefetched."""
    return _facts(group) | {"users": [_member_json(membership) for membership in _memberships(group)]}


def plain_group_json(group: UserGroup) -> dict[str, Any]:
    """With the ids of the people in it; needs ``memberships`` prefetched."""
    return _facts(group) | {"users": [membership.user_id for membership in _memberships(group)]}


def group_summary(group: UserGroup) -> dict[str, Any]:
    return {"id": group.pk, "name": group.name}


def _facts(group: UserGroup) -> dict[str, Any]:
    return {
        "id": group.pk,
        "name": group.name,
        "users": [],
        "is_default": group.is_default,
        "external_id": group.external_id,
    }


def _memberships(group: UserGroup) -> list[GroupMembership]:
    return sorted(group.memberships.all(), key=lambda membership: membership.user_id)


def _member_json(membership: GroupMembership) -> dict[str, Any]:
    user = membership.user
    return {
        "id": user.pk,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "last_login": user.last_login,
        "group_admin": membership.is_admin,
    }
