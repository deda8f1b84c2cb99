"""Switching provisioning on and off, and the token by which a directory is known."""

import secrets
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import sha256_hex
from burgee.control.organisations.models import Organisation
from burgee.control.scim.errors import SwitchedOff, SwitchedOnAlready, TokenUnknown
from burgee.control.scim.models import Provisioning

PREFIX: Final = "scim_"


def base_url() -> str:
    """What is pasted into the directory: never what a request's Host says."""
    return f"{settings.PUBLIC_URL}/api/v1/scim/v2"


@transaction.atomic
def switch_on(organisation: Organisation, *, actor: Actor) -> tuple[Provisioning, str]:
    """With the token in clear, which is never shown again."""
    token = _new_token()
    with on_violation(SwitchedOnAlready()):
        row = Provisioning.objects.create(organisation=organisation, digest=sha256_hex(token))
    _tell(row, EventType.PROVISIONING_SWITCHED_ON, "created", actor, after={"name": organisation.name})
    return row, token


@transaction.atomic
def rotate(row: Provisioning, *, actor: Actor) -> str:
    """A new token; the old one ends at once."""
    token = _new_token()
    row.digest, row.rotated_at, row.last_used_on = sha256_hex(token), clock.now(), None
    row.save(update_fields=["digest", "rotated_at", "last_used_on"])
    _tell(row, EventType.PROVISIONING_TOKEN_ROTATED, "updated", actor, after={"name": row.organisation.name})
    return token


@transaction.atomic
def switch_off(row: Provisioning, *, actor: Actor) -> None:
    """The token ends; people and groups stay as they are."""
    _tell(row, EventType.PROVISIONING_SWITCHED_OFF, "deleted", actor, before={"name": row.organisation.name})
    row.delete()


def provisioning_of(organisation: Organisation) -> Provisioning:
    row = Provisioning.objects.select_related("organisation").filter(organisation=organisation).first()
    if row is None:
        raise SwitchedOff
    return row


def provisioning_with(token: str) -> Provisioning:
    """Whose token this is; TokenUnknown when it is nobody's any more."""
    rows = Provisioning.objects.select_related("organisation").filter(organisation__deleted_at=None)
    row = rows.filter(digest=sha256_hex(token)).first() if token.startswith(PREFIX) else None
    if row is None:
        raise TokenUnknown
    if row.last_used_on != clock.today():
        _note_use(row)
    return row


@transaction.atomic
def _note_use(row: Provisioning) -> None:
    """One write a day tells whether a directory calls at all."""
    Provisioning.objects.filter(pk=row.pk, digest=row.digest).update(last_used_on=clock.today())


def _new_token() -> str:
    return f"{PREFIX}{secrets.token_urlsafe(32)}"


def _tell(row: Provisioning, event_type: EventType, action: str, actor: Actor, **values: Any) -> None:
    change = Change(object=ObjectType.PROVISIONING, action=action, id=row.pk, **values)
    publish(event_type, scope=Scope(organisation_id=row.organisation_id), changes=[change], actor=actor)
