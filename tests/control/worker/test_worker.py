"""The worker: what it does in a round, and that it lives through what happens to it."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connections, transaction

from burgee.control.events.catalog import EventType
from burgee.control.events.models import Delivery, Event
from burgee.control.events.publish import Scope, publish
from burgee.control.events.relay import Consumer
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.models import FeatureState, FlagVersion, VersionStatus
from burgee.control.targeting.rows import insert_sheet, load_sheet
from burgee.control.worker.runner import Worker
from tests.factories.environments import an_environment
from tests.factories.features import a_feature

pytestmark = pytest.mark.database


def until(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        threading.Event().wait(0.01)


@pytest.mark.django_db
def test_a_scheduled_version_goes_live_when_its_time_has_come():
    environment = an_environment()
    feature = a_feature(environment.project)
    live = FlagVersion.objects.get()
    scheduled = FlagVersion.objects.create(
        environment=environment,
        feature=feature,
        number=2,
        status=VersionStatus.SCHEDULED,
        live_from=clock.now() + timedelta(hours=1),
    )
    insert_sheet(scheduled, load_sheet(live))
    FeatureState.objects.filter(version=scheduled).update(enabled=True)
    worker = Worker(consumers=(), kinds=(), recurring=())
    worker.tick()
    scheduled.refresh_from_db()
    assert scheduled.status == VersionStatus.SCHEDULED
    FlagVersion.objects.filter(pk=scheduled.pk).update(live_from=clock.now())
    worker.tick()
    scheduled.refresh_from_db()
    live.refresh_from_db()
    assert (scheduled.status, live.status) == (VersionStatus.LIVE, VersionStatus.SUPERSEDED)
    assert FeatureState.objects.live().get().enabled is True
    assert Event.objects.get().type == "flag_version.published"


def test_a_worker_lives_through_failing_rounds(monkeypatch):
    rounds = []

    def tick() -> bool:
        rounds.append(1)
        if len(rounds) < 3:
            raise OperationalError
        return False

    worker = Worker(consumers=(), kinds=(), recurring=(), poll_seconds=0.01)
    monkeypatch.setattr(worker, "tick", tick)
    worker.start()
    until(lambda: len(rounds) >= 5)
    worker.stop()


@pytest.mark.django_db(transaction=True)
def test_every_event_is_consumed_although_workers_die_with_work_in_hand():
    heard: list[int] = []
    dying = threading.Event()

    def handle(event: Event) -> None:
        # Every third try ends like a killed thread: the lease stays, nothing is written.
        if Delivery.objects.get(event=event, consumer="audit").attempts == 1 and event.pk % 3 == 0:
            dying.set()
            raise SystemExit
        heard.append(event.pk)

    events = []
    for _ in range(12):
        with transaction.atomic():
            events.append(publish(EventType.TAG_CHANGED, scope=Scope(organisation_id=1), changes=[], actor=SYSTEM).pk)
    consumer = Consumer(name="audit", handle=handle)
    workers: list[Worker] = []

    def done() -> bool:
        workers.append(
            Worker(consumers=[consumer], kinds=(), recurring=(), poll_seconds=0.01, lease=timedelta(seconds=0.2))
        )
        worker = workers[-1]
        thread = threading.Thread(target=until_death, args=(worker,))
        thread.start()
        thread.join()
        return Delivery.objects.filter(consumer="audit", done_at=None).count() == 0

    def until_death(worker: Worker) -> None:
        try:
            worker.tick()
        except SystemExit:
            pass
        finally:
            connections.close_all()

    until(done)
    assert dying.is_set()
    assert set(heard) == set(events)
    assert list(Event.objects.order_by("id").values_list("seq", flat=True)) == list(range(1, 13))
    Delivery.objects.all().delete()
