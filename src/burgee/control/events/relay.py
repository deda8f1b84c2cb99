"""The relay: committed events get their number and their deliveries; deliveries are carried out at least once.

Which consumers there are is an argument, so that events stay below everything that listens to them.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from msgspec import Struct

from burgee.control.events.catalog import EventType
from burgee.control.events.models import INSTALLATION, Delivery, Event
from burgee.control.events.models import Sequence as SequenceRow
from burgee.control.kit import clock

log = logging.getLogger(__name__)

BATCH: Final = 100
CLAIMED: Final = 20
"""Deliveries that are claimed, and finished, together: few enough to be done long before the lease ends."""

LEASE: Final = timedelta(seconds=30)
"""How long a delivery belongs to whoever claimed it: after that it is thought dead."""

FIRST_RETRY: Final = timedelta(seconds=1)
LAST_RETRY: Final = timedelta(minutes=10)


class Consumer(Struct, frozen=True, kw_only=True):
    """Who listens to which events. An ``inline`` one also runs right after commit and has its deliveries already.

    One that is ``in_order`` does with an event whatever came before it in its organisation and is not done yet: of the
    events that are dispatched together it is owed only the newest.
    """

    name: str
    handle: Callable[[Event], None]
    events: frozenset[EventType] = frozenset(EventType)
    inline: bool = False
    in_order: bool = False


def dispatch(consumers: Sequence[Consumer]) -> int:
    """Number the committed events that have no number, and write what is owed to them; returns how many."""
    waiting = Event.objects.filter(dispatched_at=None).order_by("id")
    found = waiting.values_list("organisation_id", flat=True)[:BATCH]
    organisations = {organisation_id or INSTALLATION for organisation_id in found}
    return sum(_dispatch_organisation(organisation_id, consumers) for organisation_id in sorted(organisations))


@transaction.atomic
def _dispatch_organisation(organisation_id: int, consumers: Sequence[Consumer]) -> int:
    sequence = _locked_sequence(organisation_id)
    # Read under the lock: another relay may have numbered them while this one waited.
    waiting = Event.objects.filter(organisation_id=organisation_id or None, dispatched_at=None)
    events = list(waiting.order_by("id").values_list("id", "type")[:BATCH])
    if not events:
        return 0
    now = clock.now()
    _number([event_id for event_id, _ in events], sequence.last, now)
    sequence.last += len(events)
    sequence.save(update_fields=["last"])
    Delivery.objects.bulk_create(
        Delivery(event_id=event_id, consumer=consumer.name, due_at=now)
        for consumer in consumers
        for event_id in _owed(events, consumer)
    )
    return len(events)


def _number(event_ids: Sequence[int], last: int, now: datetime) -> None:
    """Give the numbers after `last`; ids that follow each other get theirs in one statement."""
    numbered = enumerate(event_ids, start=last + 1)
    for ahead, run in groupby(numbered, key=lambda pair: pair[1] - pair[0]):
        ids = [event_id for _, event_id in run]
        Event.objects.filter(pk__range=(ids[0], ids[-1])).update(seq=F("id") - ahead, dispatched_at=now)


def _owed(events: Sequence[tuple[int, str]], consumer: Consumer) -> list[int]:
    """The events of which `consumer` has still to be told."""
    if consumer.inline:
        return []
    heard = [event_id for event_id, event_type in events if event_type in consumer.events]
    return heard[-1:] if consumer.in_order else heard


def _locked_sequence(organisation_id: int) -> SequenceRow:
    try:
        with transaction.atomic():
            SequenceRow.objects.get_or_create(organisation_id=organisation_id)
    except IntegrityError:
        pass  # Another relay made the row.
    return SequenceRow.objects.select_for_update().get(pk=organisation_id)


def deliver(consumers: Iterable[Consumer], *, owner: str, lease: timedelta = LEASE) -> int:
    """Carry out deliveries that are due, one after the other; returns how many were tried."""
    known = {consumer.name: consumer for consumer in consumers}
    due = _free(clock.now()).filter(consumer__in=list(known)).order_by("due_at", "id")
    tried = 0
    waiting = list(due.values_list("pk", flat=True)[:BATCH])
    for start in range(0, len(waiting), CLAIMED):
        claimed = claim(waiting[start : start + CLAIMED], owner=owner, lease=lease)
        claimed.sort(key=_turn)
        tried += len(claimed)
        carried_out = [delivery.pk for delivery in claimed if _carry_out(delivery, known[delivery.consumer])]
        if carried_out:
            _own(carried_out, owner).update(owner=None, lease_until=None, done_at=clock.now(), last_error=None)
    return tried


def _turn(delivery: Delivery) -> tuple[bool, int]:
    """The newest first, for consumers that are in order.

    What no organisation orders is repeated one by one, and so comes as it happened, and before the rest.
    """
    seq = delivery.event.seq or 0
    return (False, seq) if delivery.event.organisation_id is None else (True, -seq)


def claim(delivery_ids: Sequence[int], *, owner: str, lease: timedelta = LEASE) -> list[Delivery]:
    """Those of the deliveries that are free, now leased to `owner`: neither done nor anybody else's."""
    now = clock.now()
    until = now + lease
    taken = _free(now).filter(pk__in=delivery_ids)
    if not taken.update(owner=owner, lease_until=until, attempts=F("attempts") + 1):
        return []
    mine = _own(delivery_ids, owner).filter(lease_until=until)
    return list(mine.select_related("event").order_by("due_at", "id"))


def trim(*, before: datetime) -> int:
    """Delete deliveries done before that moment; returns how many."""
    return Delivery.objects.filter(done_at__lt=before).delete()[0]


def pause(attempts: int) -> timedelta:
    """How long a delivery rests after that many failures."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(FIRST_RETRY * int(2**doublings), LAST_RETRY)


def _free(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), done_at=None, due_at__lte=now)


def _own(delivery_ids: Sequence[int], owner: str) -> QuerySet[Delivery]:
    # Only the owner of the lease writes the end: one whose lease ran out leaves it to the next.
    return Delivery.objects.filter(pk__in=delivery_ids, owner=owner)


def _carry_out(delivery: Delivery, consumer: Consumer) -> bool:
    """Whether that went well; a failed one is due again later."""
    try:
        consumer.handle(delivery.event)
    except Exception as error:
        log.exception("delivery failed", extra={"consumer": consumer.name, "event_id": delivery.event_id})
        rest = clock.now() + pause(delivery.attempts)
        failed = _own([delivery.pk], delivery.owner or "")
        failed.update(owner=None, lease_until=None, due_at=rest, last_error=type(error).__name__[:500])
        return False
    return True
