"""Webhooks made, changed, resumed, deleted; deliveries asked for again."""

from typing import Any

import httpx
from django.db import transaction

from burgee.control.environments.models import Environment
from burgee.control.events import wakeup
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.secrets import decrypt, decrypted, encrypt
from burgee.control.organisations.models import Organisation
from burgee.control.webhooks.errors import DeliveryPending
from burgee.control.webhooks.models import DeliveryStatus, Webhook, WebhookDelivery

PLAIN = ("url", "enabled")


@transaction.atomic
def create_webhook(
    place: Organisation | Environment, url: str, *, actor: Actor, enabled: bool = True, secret: str = ""
) -> Webhook:
    """Tell `url` what happens in `place` from now on."""
    environment = place if isinstance(place, Environment) else None
    organisation_id = place.project.organisation_id if isinstance(place, Environment) else place.pk
    now = clock.now()
    hook = Webhook.objects.create(
        organisation_id=organisation_id,
        environment=environment,
        url=url,
        enabled=enabled,
        secret_ciphertext=encrypt(secret) if secret else None,
        created_at=now,
        updated_at=now,
    )
    _tell(hook, EventType.WEBHOOK_CREATED, "created", actor, after=_told(hook))
    return hook


@transaction.atomic
def change_webhook(hook: Webhook, *, actor: Actor, **facts: Any) -> Webhook:
    """Change address, secret or whether it is enabled. A new address, or enabling it, ends a pause."""
    row = Webhook.objects.select_for_update().get(pk=hook.pk)
    before, hook_url = _told(row), row.url
    for name in PLAIN:
        setattr(row, name, facts.get(name, getattr(row, name)))
    secret = decrypted(row.secret_ciphertext) if row.secret_ciphertext else ""
    hidden = {"path": hook_url != row.url, "secret": facts.get("secret", secret) != secret}
    if hidden["secret"]:
        row.secret_ciphertext = encrypt(facts["secret"]) if facts["secret"] else None
    if row.enabled and ("enabled" in facts or hidden["path"]):
        _let_go(row)
    after = _told(row) | {name: "another one" for name, differs in hidden.items() if differs}
    if before != after:
        row.updated_at = clock.now()
        row.save(update_fields=[*PLAIN, "secret_ciphertext", "paused_at", "failures", "due_at", "updated_at"])
        _tell(row, EventType.WEBHOOK_CHANGED, "updated", actor, before=before, after=after)
    return row


@transaction.atomic
def resume_webhook(hook: Webhook, *, actor: Actor) -> Webhook:
    """Send again to a hook that was paused, beginning with what waits."""
    row = Webhook.objects.select_for_update().get(pk=hook.pk)
    if row.paused_at is None:
        return row
    before = _told(row)
    _let_go(row)
    row.save(update_fields=["paused_at", "failures", "due_at"])
    _tell(row, EventType.WEBHOOK_CHANGED, "updated", actor, before=before, after=_told(row))
    return row


@transaction.atomic
def pause_webhook(hook: Webhook, *, actor: Actor) -> None:
    """Stop sending to a dead hook until somebody resumes it; what is for it waits."""
    row = Webhook.objects.select_for_update().get(pk=hook.pk)
    if row.paused_at is not None:
        return
    before = _told(row)
    row.paused_at = clock.now()
    row.save(update_fields=["paused_at"])
    _tell(row, EventType.WEBHOOK_PAUSED, "updated", actor, before=before, after=_told(row))


@transaction.atomic
def delete_webhook(hook: Webhook, *, actor: Actor) -> None:
    """Forget a hook with its deliveries."""
    _tell(hook, EventType.WEBHOOK_DELETED, "deleted", actor, before=_told(hook))
    hook.delete()


@transaction.atomic
def redeliver(delivery: WebhookDelivery) -> WebhookDelivery:
    """Send a message again that was given up, or delivered; it goes before what waits behind it."""
    row = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
    if row.status == DeliveryStatus.PENDING:
        raise DeliveryPending
    row.status = DeliveryStatus.PENDING
    row.attempts = 0
    row.save(update_fields=["status", "attempts"])
    transaction.on_commit(wakeup.nudge)
    return row


def secret_of(hook: Webhook) -> str:
    """The secret in clear; InvalidToken when no key opens it."""
    return decrypt(hook.secret_ciphertext) if hook.secret_ciphertext else ""


def shown_secret_of(hook: Webhook) -> str:
    """The secret for people who rule the hook; empty also when nobody can read it any more."""
    return decrypted(hook.secret_ciphertext) or ""


def address_of(url: str) -> str:
    """What may be told of `url`: paths and queries of such addresses are often credentials."""
    target = httpx.URL(url)
    port = f":{target.port}" if target.port else ""
    return f"{target.scheme}://{target.host}{port}"


def _let_go(row: Webhook) -> None:
    if row.paused_at is not None:
        row.paused_at = None
        row.failures = 0
        row.due_at = clock.now()
        transaction.on_commit(wakeup.nudge)


def _told(hook: Webhook) -> dict[str, Any]:
    return {"url": address_of(hook.url), "enabled": hook.enabled, "paused": hook.paused_at is not None}


def _tell(hook: Webhook, event: EventType, action: str, actor: Actor, **values: Any) -> None:
    environment = hook.environment
    scope = Scope(
        organisation_id=hook.organisation_id,
        project_id=environment.project_id if environment else None,
        environment_id=hook.environment_id,
    )
    change = Change(object=ObjectType.WEBHOOK, action=action, id=hook.pk, environment_id=hook.environment_id, **values)
    publish(event, scope=scope, changes=[change], actor=actor)
