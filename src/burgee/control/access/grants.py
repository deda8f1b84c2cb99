"""Granting permissions in an organisation, a project or an environment, and taking them back."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from msgspec import Struct, to_builtins

from burgee.control.access.errors import GrantedAlready
from burgee.control.access.models import CustomRole, Grant
from burgee.control.access.queries import place_of
from burgee.control.accounts.models import User
from burgee.control.environments.models import Environment
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import live_key
from burgee.control.organisations.models import Organisation, UserGroup
from burgee.control.projects.models import Project

Holder = User | UserGroup | CustomRole
GrantSubject = Organisation | Project | Environment


class Entry(Struct, frozen=True):
    """One key of a grant; tags limit it to features that carry one of them."""

    key: str
    tags: tuple[int, ...] = ()


@transaction.atomic
def grant(
    holder: Holder, subject: GrantSubject, *, entries: Iterable[Entry] = (), is_admin: bool = False, actor: Actor
) -> Grant:
    """The first permissions of `holder` there; raises GrantedAlready when there are some."""
    row = _insert(holder, subject, entries, is_admin=is_admin)
    _tell(row, EventType.GRANT_CREATED, "created", actor, after=_told(row))
    return row


@transaction.atomic
def change_grant(
    row: Grant, *, entries: Iterable[Entry] | None = None, is_admin: bool | None = None, actor: Actor
) -> Grant:
    """Replace the set of permissions, or whether the holder administers the place; None leaves it."""
    before = _told(row)
    if entries is not None:
        row.permissions = _stored(entries)
    if is_admin is not None:
        row.is_admin = is_admin
    after = _told(row)
    if after == before:
        return row
    row.save(update_fields=["permissions", "is_admin"])
    _tell(row, EventType.GRANT_CHANGED, "updated", actor, before=before, after=after)
    return row


@transaction.atomic
def withdraw(row: Grant, *, actor: Actor) -> None:
    _tell(row, EventType.GRANT_DELETED, "deleted", actor, before=_told(row))
    row.delete()


def make_creator_admin(subject: Project | Environment, actor: Actor) -> None:
    """Who makes a place administers it, if it is a person. Part of making it: the caller's event tells it."""
    if actor.kind == "user" and actor.id is not None:
        _insert(User.objects.get(pk=actor.id), subject, (), is_admin=True)


def _insert(holder: Holder, subject: GrantSubject, entries: Iterable[Entry], *, is_admin: bool) -> Grant:
    place = place_of(subject)
    kind = _kind(holder)
    with on_violation(GrantedAlready()):
        return Grant.objects.create(
            organisation_id=place.organisation_id,
            project=subject if isinstance(subject, Project) else None,
            environment=subject if isinstance(subject, Environment) else None,
            is_admin=is_admin,
            permissions=_stored(entries),
            live_key=live_key("grant", kind, holder.pk, place.level, subject.pk),
            **{kind: holder},
        )


def _kind(holder: Holder) -> str:
    if isinstance(holder, User):
        return "user"
    return "group" if isinstance(holder, UserGroup) else "role"


def _stored(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    once = {entry.key: entry for entry in entries}
    return [{"key": entry.key, "tags": list(entry.tags)} for entry in once.values()]


def _told(row: Grant) -> dict[str, Any]:
    told: dict[str, Any] = {"permissions": [to_builtins(entry) for entry in row.permissions], "admin": row.is_admin}
    if row.user_id is not None:
        told["user"] = {"id": row.user_id}
    elif row.group is not None:
        told["group"] = {"id": row.group.pk, "name": row.group.name}
    elif row.role is not None:
        told["role"] = {"id": row.role.pk, "name": row.role.name}
    for kind, place in (("project", row.project), ("environment", row.environment)):
        if place is not None:
            told[kind] = {"id": place.pk, "name": place.name}
    return told


def _tell(row: Grant, event_type: EventType, action: str, actor: Actor, **values: Any) -> None:
    project_id = row.environment.project_id if row.environment else row.project_id
    scope = Scope(organisation_id=row.organisation_id, project_id=project_id, environment_id=row.environment_id)
    change = Change(object=ObjectType.GRANT, action=action, id=row.pk, environment_id=row.environment_id, **values)
    publish(event_type, scope=scope, changes=[change], actor=actor)
