"""Sending what is owed: at least once, in order per hook, one worker at a time per hook.

A hook is leased by whoever sends to it. A message that fails rests and holds up its own hook only; after the last try
it is given up, the next one gets its turn, and a hook that gives up too many in a row is paused.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from msgspec import Struct

from burgee.control.identities.models import Identity
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.outbound import Client, OutboundError, Reply
from burgee.control.webhooks.letters import tell_failure, tell_pause
from burgee.control.webhooks.models import DeliveryStatus, Webhook, WebhookDelivery
from burgee.control.webhooks.services import pause_webhook, secret_of
from burgee.control.webhooks.signing import body_of, headers_of

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=30)
"""How long a hook belongs to whoever claimed it; each message renews it."""

IN_A_ROW: Final = 50
"""Messages to one hook before others get their turn."""

PAUSE_AFTER: Final = 10
"""Messages given up in a row until a hook counts as dead."""

LONGEST_REST: Final = timedelta(hours=1)


class Outcome(Struct, frozen=True):
    """What came of one try."""

    reply: Reply | None = None
    error: str | None = None

    @property
    def is_success(self) -> bool:
        return self.reply is not None and self.reply.is_success


def due_hooks(limit: int) -> list[int]:
    """Hooks that nobody sends to and that something is owed to."""
    if settings.CONTROL.disable_webhooks:
        return []
    waiting = WebhookDelivery.objects.filter(webhook=OuterRef("pk"), status=DeliveryStatus.PENDING)
    rows = _free().filter(Exists(waiting)).order_by("due_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def claim(hook_id: int, *, owner: str, lease: timedelta = LEASE) -> bool:
    """Whether the hook is now leased to `owner`."""
    return bool(_free().filter(pk=hook_id).update(owner=owner, lease_until=clock.now() + lease))


def serve(
    hook_id: int,
    *,
    owner: str,
    client: Client,
    lease: timedelta = LEASE,
    goes_on: Callable[[], bool] = lambda: True,
) -> int:
    """Send what is owed to a hook that `owner` has claimed, until it fails; returns how many tries were made."""
    tried = 0
    while tried < IN_A_ROW and goes_on():
        hook = _held(hook_id, owner, lease)
        message = _first(hook_id) if hook is not None else None
        if hook is None or message is None:
            break
        tried += 1
        if not _try(hook, message, client):
            break
    release(hook_id, owner=owner)
    return tried


def release(hook_id: int, *, owner: str) -> None:
    """Give the hook back, if `owner` still has it."""
    Webhook.objects.filter(pk=hook_id, owner=owner).update(owner=None, lease_until=None)


def expire(*, days: int) -> int:
    """Forget messages older than that, sent or not; returns how many rows."""
    return WebhookDelivery.objects.filter(created_at__lt=clock.now() - timedelta(days=days)).delete()[0]


def send(client: Client, url: str, secret: str, body: bytes, delivery: str | None = None) -> Outcome:
    """One try, whatever comes of it."""
    try:
        return Outcome(client.post(url, body, headers_of(body, secret, delivery)))
    except OutboundError as error:
        return Outcome(error=str(error))
    except Exception as error:
        # What nobody thought of is a failed try, too: raised again and again, it would keep everybody busy.
        log.exception("a webhook could not be sent to")
        return Outcome(error=f"The request failed: {type(error).__name__}.")


def _free() -> QuerySet[Webhook]:
    now = clock.now()
    unclaimed = Q(lease_until=None) | Q(lease_until__lt=now)
    return Webhook.objects.listening().filter(unclaimed, paused_at=None, due_at__lte=now)


def _held(hook_id: int, owner: str, lease: timedelta) -> Webhook | None:
    """The hook with its lease renewed; None when it is somebody else's by now, or is not to be sent to."""
    mine = Webhook.objects.filter(pk=hook_id, owner=owner, enabled=True, paused_at=None)
    if not mine.update(lease_until=clock.now() + lease):
        return None
    return mine.select_related("organisation").first()


def _first(hook_id: int) -> WebhookDelivery | None:
    owed = WebhookDelivery.objects.filter(webhook_id=hook_id, status=DeliveryStatus.PENDING)
    return owed.order_by("id").first()


def _try(hook: Webhook, message: WebhookDelivery, client: Client) -> bool:
    """Whether the next message may follow at once."""
    body = body_of(message.event_type, with_identifiers(message.data))
    try:
        outcome = send(client, hook.url, secret_of(hook), body, str(message.uuid))
    except InvalidToken:
        # No key of the ring opens the secret: unsigned messages are not what the receiver was promised.
        outcome = Outcome(error="The secret cannot be decrypted.")
    attempts = message.attempts + 1
    is_dead = not outcome.is_success and attempts >= settings.CONTROL.webhook_backoff_retries
    status = DeliveryStatus.DELIVERED if outcome.is_success else DeliveryStatus.DEAD if is_dead else message.status
    _note(message, outcome, attempts, status)
    if outcome.is_success:
        Webhook.objects.filter(pk=hook.pk).exclude(failures=0).update(failures=0)
        return True
    facts = {"webhook_id": hook.pk, "attempt": attempts, "status": outcome.reply.status if outcome.reply else None}
    log.warning("webhook delivery failed", extra=facts)
    if is_dead:
        return _give_up(hook, outcome)
    Webhook.objects.filter(pk=hook.pk).update(due_at=clock.now() + rest(attempts))
    return False


def rest(attempts: int) -> timedelta:
    """How long a hook rests after that many tries of one message."""
    seconds = settings.CONTROL.webhook_backoff_base**attempts
    return timedelta(seconds=min(seconds, LONGEST_REST.total_seconds()))


def with_identifiers(data: dict[str, Any]) -> dict[str, Any]:
    """`data` with the identifiers of the identities that it names, as long as they are not forgotten."""
    states = [name for name in ("new_state", "previous_state") if (data.get(name) or {}).get("identity")]
    if not states:
        return data
    ids = {data[name]["identity"] for name in states}
    known = dict(Identity.objects.filter(pk__in=ids).values_list("pk", "identifier"))
    return data | {name: data[name] | {"identity_identifier": known.get(data[name]["identity"])} for name in states}


def _note(message: WebhookDelivery, outcome: Outcome, attempts: int, status: str) -> None:
    reply = outcome.reply
    WebhookDelivery.objects.filter(pk=message.pk).update(
        status=status,
        attempts=attempts,
        tried_at=clock.now(),
        answer_status=reply.status if reply else None,
        milliseconds=reply.milliseconds if reply else None,
        error=None
        if outcome.is_success
        else (outcome.error or f"The answer was {reply.status if reply else ''}.")[:500],
    )


@transaction.atomic
def _give_up(hook: Webhook, outcome: Outcome) -> bool:
    failures = hook.failures + 1
    Webhook.objects.filter(pk=hook.pk).update(failures=failures)
    if failures == 1:
        tell_failure(hook, outcome.error or (f"status {outcome.reply.status}" if outcome.reply else ""))
    if failures < PAUSE_AFTER:
        return True
    pause_webhook(hook, actor=SYSTEM)
    tell_pause(hook)
    return False
