"""The thread for background work: one job at a time, beside everything else that a worker does."""

import threading

import pytest
from django.db import transaction

from burgee.control.events.catalog import EventType
from burgee.control.events.publish import Scope, publish
from burgee.control.events.relay import Consumer
from burgee.control.jobs.models import Job, JobStatus
from burgee.control.jobs.services import Kind, ask_for
from burgee.control.kit.actor import SYSTEM
from burgee.control.worker.hands import Hands
from burgee.control.worker.runner import Worker

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("readers_hold_up_nobody"),
]


def test_a_long_job_holds_up_no_event():
    begun, go_on, heard = threading.Event(), threading.Event(), []

    def run(_: Job) -> None:
        begun.set()
        assert go_on.wait(30)

    ask_for("long")
    consumer = Consumer(name="ear", handle=lambda event: heard.append(event.pk))
    worker = Worker(consumers=[consumer], kinds=[Kind(name="long", run=run)], recurring=())
    try:
        assert worker.tick()
        assert begun.wait(30)
        with transaction.atomic():
            publish(EventType.TAG_CHANGED, scope=Scope(organisation_id=1), changes=[], actor=SYSTEM)
        worker.tick()
        assert len(heard) == 1
        assert Job.objects.get().status == JobStatus.WAITING
    finally:
        go_on.set()
        worker.stop()
        worker.run()
    assert Job.objects.get().status == JobStatus.DONE


def test_hands_take_one_job_at_a_time_and_end_after_the_one_they_have():
    begun, go_on, done = threading.Event(), threading.Event(), []

    def run(job: Job) -> None:
        begun.set()
        assert go_on.wait(30)
        done.append(job.pk)

    first, second = ask_for("long"), ask_for("long")
    hands = Hands("me", [Kind(name="long", run=run)])

    assert (hands.take_due(), hands.take_due()) == (True, False)
    assert begun.wait(30)
    go_on.set()
    hands.stop()

    assert done == [first.pk]
    assert Job.objects.get(pk=second.pk).status == JobStatus.WAITING
