"""What is changed about an environment that exists; creating and deleting one is in `targeting.openings`."""

from datetime import datetime
from typing import Any

from django.db import transaction

from burgee.control.environments.errors import EnvironmentNameTaken
from burgee.control.environments.models import Environment, ServerKey, environment_key
from burgee.control.environments.rows import environment_change, scope_of
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, publish
from burgee.control.kit import ids
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.secrets import decrypt, encrypt


@transaction.atomic
def change_environment(environment: Environment, *, actor: Actor, **facts: Any) -> Environment:
    before = {name: getattr(environment, name) for name, new in facts.items() if getattr(environment, name) != new}
    if not before:
        return environment
    for name in before:
        setattr(environment, name, facts[name])
    environment.live_key = environment_key(environment.project_id, environment.name)
    with on_violation(EnvironmentNameTaken()):
        environment.save(update_fields=[*before, "live_key"])
    after = {name: facts[name] for name in before}
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
    """The key in clear, for people who may read it again."""
    return decrypt(key.ciphertext)


def _told(key: ServerKey) -> dict[str, Any]:
    expires_at = key.expires_at.isoformat() if key.expires_at else None
    return {"name": key.name, "active": key.active, "expires_at": expires_at}


def _tell(key: ServerKey, event_type: EventType, action: str, actor: Actor, **values: Any) -> None:
    environment = key.environment
    change = Change(object=ObjectType.SERVER_KEY, action=action, id=key.pk, environment_id=environment.pk, **values)
    publish(event_type, scope=scope_of(environment), changes=[change], actor=actor)
