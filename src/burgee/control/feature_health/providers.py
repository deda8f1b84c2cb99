"""Providers: made, found and deleted."""

import secrets

from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.feature_health.errors import ProviderExists, ProviderUnknown
from burgee.control.feature_health.marks import refresh_marks
from burgee.control.feature_health.models import HealthProvider, ProviderName, provider_key
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.secrets import decrypted, encrypt
from burgee.control.projects.models import Project


@transaction.atomic
def create_provider(project: Project, name: str, *, actor: Actor) -> HealthProvider:
    token = secrets.token_urlsafe(32)
    with on_violation(ProviderExists()):
        provider = HealthProvider.objects.create(
            project=project,
            name=name,
            live_key=provider_key(project.pk, name),
            digest=sha256_hex(token),
            ciphertext=encrypt(token),
            created_by_id=actor.id if actor.kind == "user" else None,
        )
    _tell(provider, EventType.HEALTH_PROVIDER_CREATED, "created", actor)
    return provider


@transaction.atomic
def delete_provider(project: Project, name: str, *, actor: Actor) -> None:
    """Its address stops working, and what it reported is forgotten."""
    provider = HealthProvider.objects.filter(project=project, name=_spelled(name)).select_related("project").first()
    if provider is None:
        raise ProviderUnknown
    feature_ids = set(provider.events.values_list("feature_id", flat=True))
    _tell(provider, EventType.HEALTH_PROVIDER_DELETED, "deleted", actor)
    provider.delete()
    refresh_marks(project, feature_ids, actor=actor)


def token_of(provider: HealthProvider) -> str:
    """The secret end of the address that the provider reports to; empty when nobody can read it any more."""
    return decrypted(provider.ciphertext) or ""


def provider_with(token: str) -> HealthProvider:
    """The provider of a living project whose address ends in `token`; raises ProviderUnknown."""
    living = HealthProvider.objects.filter(project__in=Project.objects.living())
    provider = living.select_related("project").filter(digest=sha256_hex(token)).first()
    if provider is None:
        raise ProviderUnknown
    return provider


def _spelled(name: str) -> str:
    """The name in the spelling that is stored: clients may use any."""
    return next((known for known in ProviderName.values if known.casefold() == name.casefold()), name)


def _tell(provider: HealthProvider, event: EventType, action: str, actor: Actor) -> None:
    told = {"name": provider.name}
    change = Change(
        object=ObjectType.HEALTH_PROVIDER,
        action=action,
        id=provider.pk,
        before=told if action == "deleted" else None,
        after=told if action == "created" else None,
    )
    scope = Scope(organisation_id=provider.project.organisation_id, project_id=provider.project_id)
    publish(event, scope=scope, changes=[change], actor=actor)
