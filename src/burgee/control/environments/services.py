"""What is changed about an environment that exists; creating and deleting one is in `targeting.openings`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from burgee.control.custom_fields.models import Kind
from burgee.control.custom_fields.values import GivenValue, set_values, told_values
from burgee.control.environments.errors import EnvironmentNameTaken
from burgee.control.environments.models import Environment, ServerKey, environment_key
from burgee.control.environments.rows import environment_change, scope_of
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, publish
from burgee.control.kit import ids
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.secrets import decrypted, encrypt


@transaction.atomic
def change_environment(
    environment: Environment, *, actor: Actor, custom_values: Sequence[GivenValue] | None = None, **facts: Any
) -> Environment:
    """Change settings; with `custom_values` given, exactly these are the values of its custom fields."""
    differing = [name for name, new in facts.items() if getattr(environment, name) != new]
    before, after = {}, {name: facts[name] for name in differing}
    for name in differing:
        before[name] = getattr(environment, name)
        setattr(environment, name, facts[name])
    if differing:
        environment.live_key = environment_key(environment.project_id, environment.name)
        with on_violation(EnvironmentNameTaken()):
            environment.save(update_fields=[*differing, "live_key"])
    if custom_values is not None:
        _revalue(environment, custom_values, before, after)
    if before or after:
        change = environment_change(environment, "updated", before=before, after=after)
        publish(EventType.ENVIRONMENT_CHANGED, scope=scope_of(environment), changes=[change], actor=actor)
    return environment


@transaction.atomic
def create_server_key(
    environment: Environment, name: str, *, actor: Actor, active: bool = True, expires_at: datetime | None = None
) -> ServerKey:
    """A new server key: kept as a hash to find it and encrypted to show it."""
    key = ids.server_key()
    row = ServerKey.objects.create(
        environment=environment,
        name=name,
        digest=sha256_hex(key),
        ciphertext=encrypt(key),
        active=active,
        expires_at=expires_at,
    )
    _tell(row, EventType.SERVER_KEY_CREATED, "created", actor, after=_told(row))
    return row


@transaction.atomic
def change_server_key(key: ServerKey, *, actor: Actor, **facts: Any) -> ServerKey:
    changed = [name for name, new in facts.items() if getattr(key, name) != new]
    if not changed:
        return key
    before = _told(key)
    for name in changed:
        setattr(key, name, facts[name])
    key.save(update_fields=changed)
    _tell(key, EventType.SERVER_KEY_CHANGED, "updated", actor, before=before, after=_told(key))
    return key


@transaction.atomic
def delete_server_key(key: ServerKey, *, actor: Actor) -> None:
    _tell(key, EventType.SERVER_KEY_DELETED, "deleted", actor, before=_told(key))
    key.delete()


def text_of(key: ServerKey) -> str:
    """The key in clear, for people who may read it again; empty when nobody can any more. SDKs may still use it."""
    return decrypted(key.ciphertext) or ""


def _revalue(
    environment: Environment, values: Sequence[GivenValue], before: dict[str, Any], after: dict[str, Any]
) -> None:
    was = told_values(Kind.ENVIRONMENT, environment.pk)
    set_values(environment.project, Kind.ENVIRONMENT, environment.pk, values)
    now = told_values(Kind.ENVIRONMENT, environment.pk)
    if was != now:
        before.update(was)
        after.update(now)


def _told(key: ServerKey) -> dict[str, Any]:
    expires_at = key.expires_at.isoformat() if key.expires_at else None
    return {"name": key.name, "active": key.active, "expires_at": expires_at}


def _tell(key: ServerKey, event_type: EventType, action: str, actor: Actor, **values: Any) -> None:
    environment = key.environment
    change = Change(object=ObjectType.SERVER_KEY, action=action, id=key.pk, environment_id=environment.pk, **values)
    publish(event_type, scope=scope_of(environment), changes=[change], actor=actor)
