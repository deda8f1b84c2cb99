"""Providers of an organisation: set up, changed, removed."""

from typing import Any, Final

from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.federation.issuers import IssuerSilent
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.secrets import encrypt
from burgee.control.oidc.errors import IssuerUnusable, SlugTaken
from burgee.control.oidc.issuer import facts_about
from burgee.control.oidc.models import OidcProvider
from burgee.control.oidc.providers import RESERVED, provider_of
from burgee.control.organisations.models import Organisation
from burgee.control.sso.links import forget_source

TOLD: Final = (
    "name",
    "slug",
    "issuer",
    "client_id",
    "scopes",
    "email_claim",
    "first_name_claim",
    "last_name_claim",
    "groups_claim",
    "require_verified_email",
    "joins",
    "role",
)


def add_provider(organisation: Organisation, *, actor: Actor, **facts: Any) -> OidcProvider:
    """A new way in; the issuer is asked first whether it is one."""
    _refuse_unusable(facts["issuer"])
    secret = facts.pop("client_secret", "")
    row = OidcProvider(organisation=organisation, **facts)
    row.client_secret_ciphertext = encrypt(secret) if secret else None
    with transaction.atomic():
        _save(row)
        _tell(row, EventType.OIDC_PROVIDER_CREATED, "created", actor, after=_told(row))
    return row


def change_provider(row: OidcProvider, *, actor: Actor, **facts: Any) -> OidcProvider:
    """A changed issuer keeps nobody linked, and none of the old secret."""
    before, secret = _told(row), facts.pop("client_secret", None)
    old_key = provider_of(row).source.key
    is_other_issuer = facts.get("issuer", row.issuer) != row.issuer
    for name, new in facts.items():
        setattr(row, name, new)
    if _told(row) == before and secret is None:
        return row
    if is_other_issuer:
        _refuse_unusable(row.issuer)
        # The old secret was for the old issuer alone: whoever changes the address must not be sent it.
        row.client_secret_ciphertext = None
    if secret is not None:
        row.client_secret_ciphertext = encrypt(secret) if secret else None
    with transaction.atomic():
        _save(row)
        if is_other_issuer:
            forget_source(old_key)
        after = _told(row) | ({"client_secret": "changed"} if secret is not None else {})
        _tell(row, EventType.OIDC_PROVIDER_CHANGED, "updated", actor, before=before, after=after)
    return row


@transaction.atomic
def remove_provider(row: OidcProvider, *, actor: Actor) -> None:
    _tell(row, EventType.OIDC_PROVIDER_DELETED, "deleted", actor, before=_told(row))
    forget_source(provider_of(row).source.key)
    row.delete()


def _refuse_unusable(issuer: str) -> None:
    try:
        facts_about(issuer)
    except IssuerSilent as error:
        raise IssuerUnusable(why=str(error)) from error


def _save(row: OidcProvider) -> None:
    if row.slug in RESERVED:
        raise SlugTaken
    with on_violation(SlugTaken()):
        row.save()


def _told(row: OidcProvider) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TOLD}


def _tell(row: OidcProvider, event_type: EventType, action: str, actor: Actor, **values: Any) -> None:
    change = Change(object=ObjectType.OIDC_PROVIDER, action=action, id=row.pk, **values)
    publish(event_type, scope=Scope(organisation_id=row.organisation_id), changes=[change], actor=actor)
