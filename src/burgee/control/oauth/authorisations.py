"""Allowing an application to act for a person, and taking it back."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction

from burgee.control.accounts.models import User
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.kit.digests import sha256_hex
from burgee.control.oauth.models import Application, Authorisation, Code
from burgee.control.organisations.models import Organisation

CODE_LIFETIME: Final = timedelta(minutes=1)


@transaction.atomic
def authorise(
    application: Application,
    user: User,
    *,
    scopes: Sequence[str],
    redirect_uri: str,
    challenge: str,
    code: str,
    actor: Actor,
) -> Authorisation:
    """`user` allows it; whoever shows `code` and the verifier of `challenge` gets the tokens."""
    row = Authorisation.objects.create(
        application=application, user=user, scope=" ".join(scopes), session_hash=user.get_session_auth_hash()
    )
    Code.objects.create(
        authorisation=row,
        digest=sha256_hex(code),
        redirect_uri=redirect_uri,
        challenge=challenge,
        expires_at=clock.now() + CODE_LIFETIME,
    )
    _tell(row, EventType.APPLICATION_AUTHORISED, "created", actor)
    return row


@transaction.atomic
def revoke(row: Authorisation, *, actor: Actor = SYSTEM) -> None:
    """Every token of it ends at once."""
    if not Authorisation.objects.filter(pk=row.pk).exists():
        return
    _tell(row, EventType.APPLICATION_REVOKED, "deleted", actor)
    Authorisation.objects.filter(pk=row.pk).delete()


def still_stands(row: Authorisation) -> bool:
    """Whether the person is active and has the password of then."""
    user = row.user
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return user.is_active and any(secrets.compare_digest(row.session_hash, known) for known in hashes)


def _tell(row: Authorisation, event_type: EventType, action: str, actor: Actor) -> None:
    """To each organisation of the person, because the application reaches into all of them."""
    told = {"name": row.application.name, "scope": row.scope, "user": {"id": row.user_id}}
    before, after = (told, None) if action == "deleted" else (None, told)
    change = Change(object=ObjectType.APPLICATION, action=action, id=row.application_id, before=before, after=after)
    reached = Organisation.objects.of_user(row.user_id).order_by("id").values_list("id", flat=True)
    for scope in [Scope(organisation_id=number) for number in reached] or [Scope()]:
        publish(event_type, scope=scope, changes=[change], actor=actor)
