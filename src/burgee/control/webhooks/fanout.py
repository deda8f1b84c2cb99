"""From events to what is owed to each hook, in ``seq`` order per organisation, each message once."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from burgee.control.events import wakeup
from burgee.control.events.models import Event
from burgee.control.kit.prepared import Prepared
from burgee.control.webhooks.messages import Message, audit_messages, flag_messages
from burgee.control.webhooks.models import Webhook, WebhookCursor, WebhookDelivery

log = logging.getLogger(__name__)

BATCH: Final = 20
"""Events worked through in one transaction, so that none lasts long."""

AuditLines = Callable[[Event], Sequence[Mapping[str, Any]]]
"""The lines of the audit log that tell an event, which hooks of organisations get."""

_DONE = Prepared(
    lambda organisation_id, seq: WebhookCursor.objects.filter(pk=organisation_id, last_seq__gte=seq).values_list("pk")
)


def fan_out(event: Event, audit_lines: AuditLines) -> None:
    """Owe hooks what `event`, and whatever came before it, says to them."""
    if event.organisation_id is None or event.seq is None:
        return
    if _DONE.first(organisation_id=event.organisation_id, seq=event.seq):
        return
    _open(event.organisation_id)
    while not _owe_some(event.organisation_id, event.seq, audit_lines):
        continue
    wakeup.nudge()


def _open(organisation_id: int) -> None:
    if WebhookCursor.objects.filter(pk=organisation_id).exists():
        return
    try:
        with transaction.atomic():
            WebhookCursor.objects.create(organisation_id=organisation_id)
    except IntegrityError:
        return  # Another worker opened it.


def _owe_some(organisation_id: int, seq: int, audit_lines: AuditLines) -> bool:
    """Work through the next few events up to `seq`; True when that one is done."""
    # Told before the cursor is locked: the log locks its own end, and is told by others too.
    told = {event.pk: _messages(event, audit_lines) for event in _following(organisation_id, seq)}
    with transaction.atomic():
        cursor = WebhookCursor.objects.select_for_update().get(pk=organisation_id)
        if cursor.last_seq >= seq:
            return True
        following = _following(organisation_id, seq)
        events = [event for event in following if event.pk in told]
        if following and not events:
            return False  # Another worker was quicker; the rest has not been told here yet.
        hooks = list(Webhook.objects.listening().filter(organisation_id=organisation_id).order_by("id"))
        owed = [row for event in events for row in _owed(event, told[event.pk], hooks)]
        WebhookDelivery.objects.bulk_create(owed)
        cursor.last_seq = events[-1].seq or seq if events else seq
        cursor.save(update_fields=["last_seq"])
        return cursor.last_seq >= seq


def _messages(event: Event, audit_lines: AuditLines) -> list[Message]:
    try:
        return [*flag_messages(event), *audit_messages(audit_lines(event))]
    except (LookupError, TypeError, ValueError, AttributeError):
        # An event that cannot be told must not silence the hooks of the organisation for ever.
        log.exception("an event cannot be told to webhooks", extra={"event_id": event.pk})
        return []


def _owed(event: Event, messages: Sequence[Message], hooks: Sequence[Webhook]) -> Iterator[WebhookDelivery]:
    for index, message in enumerate(messages):
        data = json.loads(json.dumps(message.data, cls=DjangoJSONEncoder))
        for hook in hooks:
            if hook.created_at <= event.occurred_at and _concerns(message, hook):
                yield WebhookDelivery(
                    webhook=hook, event_uuid=event.uuid, index=index, event_type=message.event_type, data=data
                )


def _concerns(message: Message, hook: Webhook) -> bool:
    if hook.environment_id is None:
        return message.for_organisation
    return hook.environment_id == message.environment_id


def _following(organisation_id: int, seq: int) -> list[Event]:
    """The next few events; none when nobody listens, so that long histories cost nothing."""
    hooks = Webhook.objects.listening().filter(organisation_id=organisation_id)
    if settings.CONTROL.disable_webhooks or not hooks.exists():
        return []
    last = WebhookCursor.objects.get(pk=organisation_id).last_seq
    return list(
        Event.objects.filter(organisation_id=organisation_id, seq__gt=last, seq__lte=seq).order_by("seq")[:BATCH]
    )
