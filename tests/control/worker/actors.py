"""Processes that a test starts beside each other on one database server: `python -m … <role> <number>`."""

import os
import random
import sys
from datetime import timedelta

import django
from django.conf import settings

django.setup()

from burgee.control.audit.models import AuditLog  # noqa: E402
from burgee.control.audit.queries import verify  # noqa: E402
from burgee.control.environments.models import Environment  # noqa: E402
from burgee.control.events.models import Delivery, Event  # noqa: E402
from burgee.control.events.publish import register_inline  # noqa: E402
from burgee.control.features.models import Feature  # noqa: E402
from burgee.control.kit import clock  # noqa: E402
from burgee.control.kit.actor import SYSTEM  # noqa: E402
from burgee.control.publishing.models import Head, Manifest  # noqa: E402
from burgee.control.publishing.parts import build_all  # noqa: E402
from burgee.control.publishing.queries import snapshot  # noqa: E402
from burgee.control.publishing.services import repair  # noqa: E402
from burgee.control.targeting.edits import Everyone, Set  # noqa: E402
from burgee.control.targeting.services import apply  # noqa: E402
from burgee.control.webhooks.models import WebhookDelivery  # noqa: E402
from burgee.control.webhooks.services import create_webhook  # noqa: E402
from burgee.control.worker.runner import Worker  # noqa: E402
from tests.control.receiver import OUTSIDE  # noqa: E402
from tests.factories.environments import an_environment  # noqa: E402
from tests.factories.features import a_feature  # noqa: E402

EDITS = 30
RECEIVER = int(os.environ.get("TEST_RECEIVER", "0"))

settings.OUTBOUND_CONNECT = lambda _: ("127.0.0.1", RECEIVER)


def prepare(_number: int) -> None:
    """A project of two environments and three features, and a hook that hears of everything."""
    environment = an_environment()
    an_environment(environment.project)
    for _ in range(3):
        a_feature(environment.project)
    create_webhook(environment.project.organisation, f"{OUTSIDE}/hook", actor=SYSTEM)


def write(number: int) -> None:
    """Edit flags that the other writers edit too; every second writer cannot publish and leaves it to the relay."""
    if number % 2:
        register_inline("publishing", lambda event, settle: 1 / 0)
    chance = random.Random(number)
    environments, features = list(Environment.objects.order_by("id")), list(Feature.objects.order_by("id"))
    for turn in range(EDITS):
        edit = Set(target=Everyone(), value=f"{number}/{turn}", enabled=chance.random() < 0.5)
        apply(chance.choice(environments), chance.choice(features), [edit], actor=SYSTEM)


def work(_number: int) -> None:
    """Work until killed."""
    print("ready", flush=True)
    Worker(poll_seconds=0.01, lease=timedelta(seconds=0.5)).run()


def finish(_number: int) -> None:
    """Work until nothing is owed, then check all that was promised."""
    worker = Worker(lease=timedelta(seconds=0.5))
    deadline = clock.now() + timedelta(seconds=60)
    while (
        worker.tick()
        or Delivery.objects.filter(done_at=None).exists()
        or WebhookDelivery.objects.filter(status="PENDING")
    ):
        assert clock.now() < deadline, "deliveries are left over"
    events = Event.objects.count()
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, events + 1))
    assert list(AuditLog.objects.filter(index=0).order_by("position").values_list("seq", flat=True)) == [
        *range(1, events + 1)
    ]
    assert list(verify()) == []
    for environment in Environment.objects.all():
        current = snapshot(environment.pk)
        assert current is not None
        assert current.parts == build_all(environment.pk)
        head = Head.objects.get(pk=environment.pk)
        revisions = Manifest.objects.filter(environment_id=environment.pk).order_by("revision")
        assert list(revisions.values_list("revision", flat=True)) == list(range(1, head.revision + 1))
        assert repair(environment.pk) is None
    worker.stop()
    print(f"consumed {events}")
    for uuid in WebhookDelivery.objects.order_by("id").values_list("uuid", flat=True):
        print(uuid)


if __name__ == "__main__":
    {"prepare": prepare, "write": write, "work": work, "finish": finish}[sys.argv[1]](int(sys.argv[2]))
