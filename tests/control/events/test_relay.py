"""The relay: numbers, deliveries, leases, retries."""

from datetime import timedelta

import pytest
from django.db import transaction

from burgee.control.events import relay
from burgee.control.events.catalog import EventType
from burgee.control.events.models import Delivery, Event
from burgee.control.events.publish import Scope, publish
from burgee.control.events.relay import Consumer
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def heard():
    return []


@pytest.fixture
def audit(heard):
    return Consumer(name="audit", handle=lambda event: heard.append(event.pk))


def an_event(organisation_id: int | None = 1, kind: EventType = EventType.PROJECT_CHANGED) -> Event:
    with transaction.atomic():
        return publish(kind, scope=Scope(organisation_id=organisation_id), changes=[], actor=SYSTEM)


def numbers(organisation_id: int | None) -> list[int | None]:
    return list(Event.objects.filter(organisation_id=organisation_id).order_by("id").values_list("seq", flat=True))


def test_events_are_numbered_by_organisation(audit):
    for organisation_id in (1, 2, 1, None, 2, 1, None):
        an_event(organisation_id)
    assert relay.dispatch([audit]) == 7
    an_event(1)
    assert relay.dispatch([audit]) == 1
    assert relay.dispatch([audit]) == 0
    assert (numbers(1), numbers(2), numbers(None)) == ([1, 2, 3, 4], [1, 2], [1, 2])


def test_a_delivery_is_written_for_each_consumer_that_listens(audit):
    inline = Consumer(name="inline", handle=print, inline=True)
    picky = Consumer(name="picky", handle=print, events=frozenset([EventType.TAG_CREATED]))
    event = an_event()
    relay.dispatch([audit, inline, picky])
    assert set(Delivery.objects.filter(event=event).values_list("consumer", flat=True)) == {"publishing", "audit"}


def test_one_in_order_is_owed_the_newest_of_each_organisation():
    in_order = Consumer(name="in order", handle=print, in_order=True)
    picky = Consumer(name="picky", handle=print, in_order=True, events=frozenset([EventType.TAG_CREATED]))
    an_event(1, EventType.TAG_CREATED)
    heard_last, first, newest = an_event(1, EventType.TAG_CREATED), an_event(2), an_event(1)
    relay.dispatch([in_order, picky])
    owed = set(Delivery.objects.exclude(consumer="publishing").values_list("consumer", "event_id"))
    assert owed == {("in order", first.pk), ("in order", newest.pk), ("picky", heard_last.pk)}
    later = an_event(1)
    relay.dispatch([in_order])
    assert list(Delivery.objects.filter(consumer="in order", event=later).values_list("attempts", flat=True)) == [0]


def test_a_delivery_is_carried_out_once(audit, heard):
    event = an_event()
    relay.dispatch([audit])
    assert relay.deliver([audit], owner="me") == 1
    assert relay.deliver([audit], owner="me") == 0
    assert heard == [event.pk]
    delivery = Delivery.objects.get(consumer="audit")
    assert (delivery.done_at is None, delivery.owner, delivery.attempts) == (False, None, 1)


def test_a_failed_delivery_rests_and_is_tried_again(heard):
    def moody(event: Event) -> None:
        heard.append(event.pk)
        if len(heard) == 1:
            raise ZeroDivisionError("secret")

    consumer = Consumer(name="moody", handle=moody)
    an_event()
    relay.dispatch([consumer])
    relay.deliver([consumer], owner="me")
    delivery = Delivery.objects.get(consumer="moody")
    assert (delivery.last_error, delivery.due_at > clock.now(), delivery.lease_until) == (
        "ZeroDivisionError",
        True,
        None,
    )
    assert relay.deliver([consumer], owner="me") == 0
    Delivery.objects.update(due_at=clock.now())
    relay.deliver([consumer], owner="me")
    delivery.refresh_from_db()
    assert (delivery.done_at is None, delivery.last_error, delivery.attempts) == (False, None, 2)


def test_rests_grow_up_to_a_limit():
    assert [relay.pause(attempts).total_seconds() for attempts in (1, 2, 3, 100)] == [1, 2, 4, 600]


def test_a_lease_keeps_others_off_until_it_runs_out(audit):
    an_event()
    relay.dispatch([audit])
    delivery = Delivery.objects.get(consumer="audit")
    assert relay.claim([delivery.pk], owner="dies") == [delivery]
    assert relay.claim([delivery.pk], owner="other") == []
    Delivery.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert relay.claim([delivery.pk], owner="other") == [delivery]


def test_whoever_lost_the_lease_does_not_write_the_end(audit):
    an_event()
    relay.dispatch([audit])
    row = Delivery.objects.get(consumer="audit")

    def overtaken(event: Event) -> None:
        Delivery.objects.filter(pk=row.pk).update(owner="other")

    relay.deliver([Consumer(name="audit", handle=overtaken)], owner="slow")
    row.refresh_from_db()
    assert (row.done_at, row.owner) == (None, "other")


def test_an_inline_delivery_that_was_never_made_is_made_by_the_relay(heard):
    event = an_event()
    publishing = Consumer(name="publishing", handle=lambda event: heard.append(event.pk), inline=True)
    assert relay.deliver([publishing], owner="me") == 0
    Delivery.objects.update(due_at=clock.now())
    assert relay.deliver([publishing], owner="me") == 1
    assert heard == [event.pk]


def test_deliveries_that_were_done_long_ago_are_trimmed(audit):
    an_event()
    relay.dispatch([audit])
    relay.deliver([audit], owner="me")
    assert relay.trim(before=clock.now()) == 1
    assert list(Delivery.objects.values_list("consumer", flat=True)) == ["publishing"]


def test_an_event_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError):
        publish(EventType.PROJECT_CHANGED, scope=Scope(), changes=[], actor=SYSTEM)


def test_one_that_fails_does_not_keep_the_others_of_its_claim_from_ending(audit):
    for _ in range(3):
        an_event()
    relay.dispatch([audit])
    failing = Delivery.objects.order_by("pk")[1].event_id

    def handle(event: Event) -> None:
        if event.pk == failing:
            raise ZeroDivisionError

    assert relay.deliver([Consumer(name="audit", handle=handle)], owner="me") == 3
    assert list(Delivery.objects.filter(consumer="audit", done_at=None).values_list("event_id", flat=True)) == [failing]
