"""Processes that a test starts beside each other on one database server: `python -m … <role>`."""

import json
import os
import sys
from datetime import timedelta

import django
from django.db import connection

django.setup()

from burgee.control.environments.models import Environment  # noqa: E402
from burgee.control.events.models import Delivery, Event  # noqa: E402
from burgee.control.features.models import Feature  # noqa: E402
from burgee.control.jobs.models import Job, JobStatus  # noqa: E402
from burgee.control.jobs.recurring import Recurring  # noqa: E402
from burgee.control.kit import clock  # noqa: E402
from burgee.control.kit.actor import SYSTEM  # noqa: E402
from burgee.control.portability.exports import ask_for_export  # noqa: E402
from burgee.control.portability.imports import ask_for_import  # noqa: E402
from burgee.control.portability.models import FeatureExport, FeatureImport  # noqa: E402
from burgee.control.publishing.parts import build_all  # noqa: E402
from burgee.control.publishing.queries import snapshot  # noqa: E402
from burgee.control.targeting import background_clones  # noqa: E402
from burgee.control.targeting.models import FeatureState, Flag  # noqa: E402
from burgee.control.targeting.openings import clone_environment  # noqa: E402
from burgee.control.worker.runner import Worker  # noqa: E402
from tests.factories.environments import an_environment  # noqa: E402
from tests.factories.features import a_feature  # noqa: E402

FLAGS = 60
NEW = 30
EVERY = timedelta(seconds=0.2)
LEASE = timedelta(seconds=0.5)

background_clones.BATCH = 2


def a_worker() -> Worker:
    tick = Recurring(name="tick", every=EVERY, run=lambda: Job.objects.count())
    return Worker(poll_seconds=0.01, lease=LEASE, recurring=[tick])


def prepare() -> None:
    """A project of sixty flags; a clone, an export and an import are asked for."""
    source = an_environment()
    for number in range(FLAGS):
        a_feature(source.project, name=f"old_{number}", variants={"a": 10, "b": number})
    clone_environment(source, "Clone", later=True, actor=SYSTEM)
    other = an_environment(source.project)
    names = [*(f"old_{number}" for number in range(FLAGS)), *(f"new_{number}" for number in range(NEW))]
    items = [{"name": name, "enabled": True, "value": name} for name in names]
    ask_for_import(other, json.dumps(items).encode(), "OVERWRITE_DESTRUCTIVE", actor=SYSTEM)
    ask_for_export(source, [], actor=SYSTEM)


def look() -> int:
    """What is left. An environment that is being made is not served; one that is ready is, with every flag."""
    clone = Environment.objects.get(name="Clone")
    published = snapshot(clone.pk)
    if clone.is_creating:
        assert published is None
    return Job.objects.filter(status=JobStatus.WAITING).exclude(kind="tick").count()


def work() -> None:
    """Say what is left while nobody works; two work at it until killed."""
    left = look()
    print(left, flush=True)
    if left:
        connection.close()
        os.fork()
        os.write(1, b"ready\n")  # at once: the lines of both come through one pipe
        a_worker().run()


def finish() -> None:
    """Work until nothing is left, then check that all was done, and once."""
    look()
    worker = a_worker()
    deadline = clock.now() + timedelta(seconds=60)
    while (
        worker.tick()
        or Job.objects.filter(status=JobStatus.WAITING).exclude(kind="tick").exists()
        or Delivery.objects.filter(done_at=None).exists()
        or Job.objects.filter(kind="tick", status=JobStatus.DONE).count() < 2
    ):
        assert clock.now() < deadline, "work is left over"
    while worker.tick() or Job.objects.filter(status=JobStatus.WAITING).exists():
        assert clock.now() < deadline, "recurring work is left over"
    worker.stop()
    _check_work()
    _check_due_times()


def _check_work() -> None:
    assert set(Job.objects.values_list("status", flat=True)) == {JobStatus.DONE}
    assert FeatureExport.objects.get().status == "SUCCESS"
    done = FeatureImport.objects.get()
    assert (done.status, done.outcome) == ("SUCCESS", {"created": NEW, "overwritten": FLAGS, "skipped": 0})
    assert Event.objects.filter(type="feature.imported").count() == 1
    assert Event.objects.filter(type="environment.changed").count() == 1
    assert Feature.objects.count() == FLAGS + NEW
    for environment in Environment.objects.all():
        assert environment.is_creating is False
        assert Flag.objects.filter(environment=environment).count() == FLAGS + NEW
        assert FeatureState.objects.live().filter(environment=environment).count() == FLAGS + NEW
        published = snapshot(environment.pk)
        assert published is not None
        assert published.parts == build_all(environment.pk)


def _check_due_times() -> None:
    dues = list(Job.objects.filter(kind="tick").order_by("due_at").values_list("due_at", flat=True))
    assert len(dues) > 1
    assert len(set(dues)) == len(dues)
    assert all((due - dues[0]) % EVERY == timedelta(0) for due in dues)


if __name__ == "__main__":
    {"prepare": prepare, "work": work, "finish": finish}[sys.argv[1]]()
