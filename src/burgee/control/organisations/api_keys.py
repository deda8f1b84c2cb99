"""Keys of an organisation: made, changed, revoked, and recognised."""

import secrets
from typing import Any, Final

from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.ids import ALPHABET
from burgee.control.organisations.errors import RevokedForGood
from burgee.control.organisations.models import ApiKey, Organisation

PREFIX_LENGTH: Final = 8
SECRET_LENGTH: Final = 32


@transaction.atomic
def create_api_key(organisation: Organisation, *, actor: Actor, **facts: Any) -> tuple[ApiKey, str]:
    """A new key and its text, which nobody can read again."""
    prefix = new_prefix()
    text = f"{prefix}.{_random(SECRET_LENGTH)}"
    row = ApiKey.objects.create(
        organisation=organisation,
        prefix=prefix,
        digest=sha256_hex(text),
        created_by_id=actor.id if actor.kind == "user" else None,
        **facts,
    )
    _tell(row, EventType.API_KEY_CREATED, "created", actor, after=_told(row))
    return row, text


@transaction.atomic
def change_api_key(key: ApiKey, *, actor: Actor, **facts: Any) -> ApiKey:
    changed = [name for name, new in facts.items() if getattr(key, name) != new]
    if not changed:
        return key
    if key.revoked and "revoked" in changed:
        raise RevokedForGood
    before = _told(key)
    for name in changed:
        setattr(key, name, facts[name])
    key.save(update_fields=changed)
    _tell(key, EventType.API_KEY_CHANGED, "updated", actor, before=before, after=_told(key))
    return key


@transaction.atomic
def delete_api_key(key: ApiKey, *, actor: Actor) -> None:
    """The key opens nothing from now on; the row stays, because history names it."""
    key.deleted_at = clock.now()
    key.save(update_fields=["deleted_at"])
    _tell(key, EventType.API_KEY_DELETED, "deleted", actor, before=_told(key))


def new_prefix() -> str:
    """By which people tell a key; it opens nothing."""
    return _random(PREFIX_LENGTH)


def api_key_with(text: str) -> ApiKey | None:
    """The key with this text, if it still opens anything."""
    row = ApiKey.objects.living().select_related("organisation").filter(digest=sha256_hex(text)).first()
    return None if row is None or row.revoked or has_expired(row) else row


def has_expired(key: ApiKey) -> bool:
    return key.expiry_date is not None and key.expiry_date <= clock.now()


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _told(key: ApiKey) -> dict[str, Any]:
    expiry_date = key.expiry_date.isoformat() if key.expiry_date else None
    return {"name": key.name, "is_admin": key.is_admin, "revoked": key.revoked, "expiry_date": expiry_date}


def _tell(key: ApiKey, event_type: EventType, action: str, actor: Actor, **values: Any) -> None:
    change = Change(object=ObjectType.API_KEY, action=action, id=key.pk, **values)
    publish(event_type, scope=Scope(organisation_id=key.organisation_id), changes=[change], actor=actor)
