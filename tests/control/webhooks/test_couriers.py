"""Sending: in order per hook, at least once, tried again, given up, paused."""

import hashlib
import hmac
import json
from datetime import timedelta

import msgspec
import pytest
from django.core import mail

from burgee.control.events import relay
from burgee.control.events.models import Event
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.outbound import Client
from burgee.control.webhooks import couriers
from burgee.control.webhooks.fanout import fan_out
from burgee.control.webhooks.models import Webhook, WebhookCursor, WebhookDelivery
from burgee.control.webhooks.services import create_webhook, pause_webhook, redeliver, resume_webhook
from tests.control.postman import send_letters
from tests.control.receiver import OUTSIDE
from tests.factories.events import everything_delivered
from tests.factories.features import a_feature

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def hook(environment):
    return create_webhook(environment, f"{OUTSIDE}/hook", secret="s3crét", actor=SYSTEM)


@pytest.fixture
def feature(environment):
    return a_feature(environment.project, name="checkout")


@pytest.fixture
def send_all(receiver):
    """What a worker does in a round; hooks that rest are woken first."""

    def sent(client: Client | None = None) -> int:
        everything_delivered()
        Webhook.objects.update(due_at=clock.now())
        tried = 0
        for hook_id in couriers.due_hooks(100):
            assert couriers.claim(hook_id, owner="me")
            tried += couriers.serve(hook_id, owner="me", client=client or receiver.client)
        return tried

    return sent


def values(receiver) -> list:
    return [message["data"]["new_state"]["feature_state_value"] for message in receiver.messages]


def statuses(hook) -> list[str]:
    return list(WebhookDelivery.objects.filter(webhook=hook).order_by("id").values_list("status", flat=True))


def test_messages_arrive_in_order_with_a_signature_that_proves_the_bytes(receiver, hook, feature, toggle, send_all):
    for number in range(25):
        toggle(feature, f"välue {number}")
    assert send_all() == 25
    assert values(receiver) == [f"välue {number}" for number in range(25)]
    path, headers, body = receiver.requests[0]
    assert path == "/hook"
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Flagsmith-Signature"] == hmac.new("s3crét".encode(), body, hashlib.sha256).hexdigest()
    assert body == json.dumps(json.loads(body), sort_keys=True).encode()
    assert b'{"data": {"changed_by": "", "new_state": {"enabled": false' in body
    assert len({headers["X-Burgee-Delivery"] for _, headers, _ in receiver.requests}) == 25
    first = WebhookDelivery.objects.order_by("id").first()
    assert (first.status, first.attempts, first.answer_status, first.error) == ("DELIVERED", 1, 200, None)
    assert first.milliseconds < 5000
    assert "s3crét" not in str(list(Webhook.objects.values()))


def test_without_a_secret_there_is_no_signature(receiver, environment, feature, toggle, send_all):
    create_webhook(environment, f"{OUTSIDE}/plain", actor=SYSTEM)
    toggle(feature, 1)
    send_all()
    assert "X-Flagsmith-Signature" not in receiver.requests[0][1]


@pytest.mark.parametrize("answer", [400, 404, 410, 302, 500, 503])
def test_an_answer_that_is_no_success_is_tried_again_and_holds_up_what_follows(
    answer, receiver, hook, feature, toggle, send_all
):
    receiver.answers.extend([answer])
    for value in ("first", "second"):
        toggle(feature, value)
    assert send_all() == 1
    assert statuses(hook) == ["PENDING", "PENDING"]
    assert send_all() == 2
    assert values(receiver) == ["first", "first", "second"]
    assert receiver.requests[0][1]["X-Burgee-Delivery"] == receiver.requests[1][1]["X-Burgee-Delivery"]


def test_a_receiver_that_cannot_be_reached_is_tried_again(receiver, hook, feature, toggle, send_all):
    toggle(feature, "first")
    nobody = Client(connect=lambda _: ("127.0.0.1", 1), seconds=2)
    assert send_all(nobody) == 1
    assert "connection failed" in WebhookDelivery.objects.get().error
    assert send_all() == 1
    assert statuses(hook) == ["DELIVERED"]


def test_what_goes_wrong_in_a_way_nobody_thought_of_is_a_failed_try_and_rests(
    receiver, hook, feature, toggle, send_all
):
    toggle(feature, "first")
    assert send_all(Client(connect=lambda _: 1 / 0)) == 1
    assert (statuses(hook), couriers.due_hooks(10)) == (["PENDING"], [])
    assert WebhookDelivery.objects.get().error == "The request failed: ZeroDivisionError."
    assert send_all() == 1


def test_it_rests_longer_after_each_try(receiver, hook, feature, toggle, send_all, settings):
    receiver.always = 500
    toggle(feature, "first")
    for attempt in (1, 2):
        before = clock.now()
        send_all()
        rest = Webhook.objects.get().due_at - before
        assert timedelta(seconds=2**attempt) <= rest < timedelta(seconds=2**attempt + 5)
        assert couriers.due_hooks(10) == []
    settings.CONTROL = msgspec.structs.replace(settings.CONTROL, webhook_backoff_base=60)
    assert couriers.rest(12) == couriers.LONGEST_REST


def test_a_failing_hook_holds_up_no_other(receiver, hook, environment, feature, toggle, send_all):
    good = create_webhook(environment, f"{OUTSIDE}/good", actor=SYSTEM)
    Webhook.objects.filter(pk=hook.pk).update(url="http://10.0.0.1/inside")
    for value in ("first", "second"):
        toggle(feature, value)
    send_all()
    assert statuses(good) == ["DELIVERED", "DELIVERED"]
    assert statuses(hook) == ["PENDING", "PENDING"]
    assert {path for path, _, _ in receiver.requests} == {"/good"}


def test_after_the_last_try_a_message_is_given_up_a_letter_sent_and_the_next_one_follows(
    receiver, hook, environment, feature, toggle, send_all
):
    organisation = environment.project.organisation
    organisation.webhook_notification_email = "ops@example.com"
    organisation.save()
    receiver.answers.extend([500, 500, 500])
    for value in ("first", "second"):
        toggle(feature, value)
    for _ in range(3):
        send_all()
    assert statuses(hook) == ["DEAD", "DELIVERED"]
    send_letters()
    assert [(letter.to, "/hook" in letter.body) for letter in mail.outbox] == [(["ops@example.com"], False)]
    assert WebhookDelivery.objects.order_by("id").first().attempts == 3
    assert Webhook.objects.get().failures == 0


def test_a_dead_letter_is_sent_again_when_asked_for(receiver, hook, feature, toggle, send_all):
    receiver.answers.extend([500, 500, 500])
    toggle(feature, "first")
    for _ in range(3):
        send_all()
    redeliver(WebhookDelivery.objects.get())
    assert send_all() == 1
    assert (statuses(hook), len(receiver.requests)) == (["DELIVERED"], 4)


def test_a_dead_hook_is_paused_and_goes_on_where_it_stood_when_resumed(receiver, hook, feature, toggle, send_all):
    receiver.always = 500
    count = couriers.PAUSE_AFTER + 2
    for number in range(count):
        toggle(feature, number)
    for _ in range(count * 3):
        send_all()
    assert statuses(hook) == ["DEAD"] * couriers.PAUSE_AFTER + ["PENDING"] * 2
    assert Webhook.objects.get().paused_at is not None
    receiver.always = 200
    toggle(feature, "while paused")
    assert send_all() == 0
    resume_webhook(hook, actor=SYSTEM)
    receiver.requests.clear()
    send_all()
    assert values(receiver) == [count - 2, count - 1, "while paused"]
    assert Event.objects.filter(type="webhook.paused").count() == 1


def test_a_worker_that_died_while_sending_is_succeeded_and_the_message_comes_again(
    receiver, hook, feature, toggle, send_all
):
    toggle(feature, "first")
    everything_delivered()
    assert couriers.claim(hook.pk, owner="dead")
    receiver.client.post(f"{OUTSIDE}/hook", b'{"data": {"new_state": {"feature_state_value": "first"}}}', {})
    assert send_all() == 0
    assert not couriers.claim(hook.pk, owner="me")
    Webhook.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert send_all() == 1
    assert values(receiver) == ["first", "first"]


def test_who_lost_the_lease_sends_nothing_more(receiver, hook, feature, toggle):
    for value in ("first", "second"):
        toggle(feature, value)
    everything_delivered()
    assert couriers.claim(hook.pk, owner="slow")

    def lose(address):
        Webhook.objects.update(owner="other")
        return receiver.connect(address)

    assert couriers.serve(hook.pk, owner="slow", client=Client(connect=lose)) == 1
    assert Webhook.objects.get().owner == "other"


def test_a_stopping_worker_gives_the_hook_back(receiver, hook, feature, toggle):
    toggle(feature, "first")
    everything_delivered()
    assert couriers.claim(hook.pk, owner="me")
    assert couriers.serve(hook.pk, owner="me", client=receiver.client, goes_on=lambda: False) == 0
    assert couriers.claim(hook.pk, owner="me")


def test_disabled_webhooks_are_neither_kept_nor_sent(receiver, hook, feature, toggle, send_all, settings):
    toggle(feature, "kept")
    everything_delivered()
    settings.CONTROL = msgspec.structs.replace(settings.CONTROL, disable_webhooks=True)
    toggle(feature, "never")
    assert send_all() == 0
    settings.CONTROL = msgspec.structs.replace(settings.CONTROL, disable_webhooks=False)
    send_all()
    assert values(receiver) == ["kept"]


def test_events_in_any_order_and_repeated_are_owed_once_and_in_order(hook, feature, toggle):
    for number in range(30):
        toggle(feature, number)
    everything_delivered()
    owed = list(WebhookDelivery.objects.order_by("id").values_list("data", flat=True))
    WebhookDelivery.objects.all().delete()
    WebhookCursor.objects.all().delete()
    events = list(Event.objects.order_by("-seq"))
    for event in events + events:
        fan_out(event, lambda _: [])
    assert list(WebhookDelivery.objects.order_by("id").values_list("data", flat=True)) == owed
    assert [data["new_state"]["feature_state_value"] for data in owed] == list(range(30))


def test_an_event_that_cannot_be_told_silences_nobody(hook, feature, toggle, send_all, receiver):
    toggle(feature, "first")
    Event.objects.filter(type="flag.changed").update(payload={"changes": [{"object": "feature_state"}]})
    toggle(feature, "second")
    event = Event.objects.order_by("-id").first()
    relay.dispatch(())
    event.refresh_from_db()
    fan_out(event, lambda _: [])
    Webhook.objects.update(due_at=clock.now())
    assert couriers.claim(hook.pk, owner="me")
    couriers.serve(hook.pk, owner="me", client=receiver.client)
    assert values(receiver) == ["second"]


def test_old_deliveries_expire(hook, feature, toggle, send_all):
    toggle(feature, "old")
    toggle(feature, "new")
    send_all()
    oldest = WebhookDelivery.objects.order_by("id").first()
    WebhookDelivery.objects.filter(pk=oldest.pk).update(created_at=clock.now() - timedelta(days=31))
    assert couriers.expire(days=30) == 1
    assert WebhookDelivery.objects.count() == 1


def test_a_secret_that_no_key_opens_sends_nothing_unsigned(receiver, hook, feature, toggle, send_all):
    Webhook.objects.update(secret_ciphertext="not a token")
    toggle(feature, "first")
    send_all()
    assert receiver.requests == []
    assert WebhookDelivery.objects.get().error == "The secret cannot be decrypted."


def test_pausing_twice_is_one_event(hook):
    pause_webhook(hook, actor=SYSTEM)
    pause_webhook(hook, actor=SYSTEM)
    assert Event.objects.filter(type="webhook.paused").count() == 1
    assert Event.objects.last().payload["changes"][0]["after"]["paused"] is True
