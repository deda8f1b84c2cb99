"""Custom roles: made, changed, and given to people, groups and keys."""

from typing import Any

from django.db import transaction

from burgee.control.access.errors import RoleGivenAlready, RoleNameTaken
from burgee.control.access.models import CustomRole, RoleAssignment
from burgee.control.accounts.models import User
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import folded, live_key
from burgee.control.organisations.models import ApiKey, Organisation, UserGroup

Bearer = User | UserGroup | ApiKey


@transaction.atomic
def create_role(organisation: Organisation, name: str, *, actor: Actor, **facts: Any) -> CustomRole:
    role = CustomRole(organisation=organisation, name=name, **facts)
    _save(role)
    _tell(role, EventType.ROLE_CREATED, _change(role, "created", after=_told(role)), actor)
    return role


@transaction.atomic
def change_role(role: CustomRole, *, actor: Actor, **facts: Any) -> CustomRole:
    if all(getattr(role, name) == new for name, new in facts.items()):
        return role
    before = _told(role)
    for name, new in facts.items():
        setattr(role, name, new)
    _save(role)
    _tell(role, EventType.ROLE_CHANGED, _change(role, "updated", before=before, after=_told(role)), actor)
    return role


@transaction.atomic
def delete_role(role: CustomRole, *, actor: Actor) -> None:
    """Everybody loses what the role gave."""
    _tell(role, EventType.ROLE_DELETED, _change(role, "deleted", before=_told(role)), actor)
    role.delete()


@transaction.atomic
def give_role(role: CustomRole, bearer: Bearer, *, actor: Actor) -> RoleAssignment:
    kind = _kind(bearer)
    with on_violation(RoleGivenAlready()):
        row = RoleAssignment.objects.create(
            role=role, live_key=live_key("role", role.pk, kind, bearer.pk), **{kind: bearer}
        )
    _tell(role, EventType.ROLE_GIVEN, _assignment_change(row, "created"), actor)
    return row


@transaction.atomic
def take_role(row: RoleAssignment, *, actor: Actor) -> None:
    _tell(row.role, EventType.ROLE_TAKEN, _assignment_change(row, "deleted"), actor)
    row.delete()


def _save(role: CustomRole) -> None:
    role.live_key = live_key("role_name", role.organisation_id, folded(role.name))
    with on_violation(RoleNameTaken()):
        role.save()


def _kind(bearer: Bearer) -> str:
    if isinstance(bearer, User):
        return "user"
    return "group" if isinstance(bearer, UserGroup) else "api_key"


def _told(role: CustomRole) -> dict[str, Any]:
    return {"name": role.name, "description": role.description, "tags": list(role.tags)}


def _change(role: CustomRole, action: str, **values: Any) -> Change:
    return Change(object=ObjectType.ROLE, action=action, id=role.pk, **values)


def _assignment_change(row: RoleAssignment, action: str) -> Change:
    told: dict[str, Any] = {"role": {"id": row.role.pk, "name": row.role.name}}
    if row.user_id is not None:
        told["user"] = {"id": row.user_id}
    elif row.group is not None:
        told["group"] = {"id": row.group.pk, "name": row.group.name}
    elif row.api_key is not None:
        told["api_key"] = {"id": row.api_key.pk, "name": row.api_key.name}
    before, after = (told, None) if action == "deleted" else (None, told)
    return Change(object=ObjectType.ROLE_ASSIGNMENT, action=action, id=row.pk, before=before, after=after)


def _tell(role: CustomRole, event_type: EventType, change: Change, actor: Actor) -> None:
    publish(event_type, scope=Scope(organisation_id=role.organisation_id), changes=[change], actor=actor)
