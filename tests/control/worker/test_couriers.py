"""A worker with webhooks to send: its threads, and what a slow receiver does to others."""

import threading

import pytest

from burgee.control.events import relay
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.outbound import Client
from burgee.control.targeting.edits import Everyone, Set
from burgee.control.targeting.services import apply
from burgee.control.webhooks.models import DeliveryStatus, Webhook, WebhookDelivery
from burgee.control.webhooks.services import create_webhook
from burgee.control.worker.consumers import CONSUMERS
from burgee.control.worker.couriers import Couriers
from tests.control.receiver import OUTSIDE, a_receiver
from tests.control.worker.test_worker import until
from tests.factories.environments import an_environment
from tests.factories.features import a_feature

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("readers_hold_up_nobody"),
]


def owed_to(*addresses: str, messages: int = 1) -> list[Webhook]:
    environment = an_environment()
    feature = a_feature(environment.project)
    hooks = [create_webhook(environment, address, actor=SYSTEM) for address in addresses]
    for number in range(messages):
        apply(environment, feature, [Set(target=Everyone(), value=number)], actor=SYSTEM)
    while relay.dispatch(CONSUMERS) or relay.deliver(CONSUMERS, owner="test"):
        continue
    return hooks


def delivered(hook: Webhook) -> int:
    return WebhookDelivery.objects.filter(webhook=hook, status=DeliveryStatus.DELIVERED).count()


def test_a_slow_receiver_holds_up_no_other():
    slow, quick = owed_to("http://93.184.216.34/slow", "http://93.184.216.35/quick", messages=3)
    go_on = threading.Event()
    with a_receiver() as receiver:

        def connect(address: tuple[str, int]) -> tuple[str, int]:
            if address[0] == "93.184.216.34":
                go_on.wait(30)
            return receiver.connect(address)

        couriers = Couriers("me", client=lambda: Client(connect=connect, seconds=30))
        try:
            assert couriers.send_due() is True
            until(lambda: delivered(quick) == 3)
            assert delivered(slow) == 0
            assert couriers.send_due() is False
        finally:
            go_on.set()
            couriers.stop()
    assert {path for path, _, _ in receiver.requests} >= {"/quick"}


def test_two_workers_share_the_hooks_and_each_message_arrives_once_and_in_order():
    hooks = owed_to(*[f"{OUTSIDE}/{number}" for number in range(6)], messages=5)
    with a_receiver() as receiver:
        workers = [Couriers(f"worker {number}", client=lambda: receiver.client, threads=2) for number in range(2)]

        def done() -> bool:
            for worker in workers:
                worker.send_due()
            return all(delivered(hook) == 5 for hook in hooks)

        until(done)
        for worker in workers:
            worker.stop()
    for number in range(6):
        arrived = [
            message
            for (path, _, _), message in zip(receiver.requests, receiver.messages, strict=True)
            if path == f"/{number}"
        ]
        assert [message["data"]["new_state"]["feature_state_value"] for message in arrived] == [0, 1, 2, 3, 4]
    assert Webhook.objects.exclude(owner=None).count() == 0


def test_a_stopped_worker_gives_its_hooks_back_and_can_start_again():
    (hook,) = owed_to(f"{OUTSIDE}/x", messages=3)
    stopped = threading.Event()
    with a_receiver() as receiver:
        couriers = Couriers("me", client=lambda: Client(connect=first_then_stop), threads=1)

        def first_then_stop(address: tuple[str, int]) -> tuple[str, int]:
            if not stopped.is_set():
                stopped.set()
                threading.Thread(target=couriers.stop).start()
                until(couriers._stopping.is_set)
            return receiver.connect(address)

        couriers.send_due()
        until(lambda: stopped.is_set() and not Webhook.objects.exclude(owner=None).exists())
        assert delivered(hook) == 1
        until(lambda: couriers.send_due() or delivered(hook) == 3)
        until(lambda: delivered(hook) == 3)
        couriers.stop()
