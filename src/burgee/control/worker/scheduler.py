"""Recurring jobs: each runs once when it is due, however many workers there are."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from msgspec import Struct

from burgee.control.events import relay
from burgee.control.events.models import RecurringJob
from burgee.control.kit import clock
from burgee.control.publishing import retention
from burgee.control.webhooks import couriers

log = logging.getLogger(__name__)


class Job(Struct, frozen=True, kw_only=True):
    name: str
    every: timedelta
    run: Callable[[], object]


def run_due(jobs: Iterable[Job]) -> int:
    """Run the jobs whose time has come and that no other worker took; returns how many."""
    known = dict(RecurringJob.objects.values_list("name", "next_at"))
    now = clock.now()
    ran = 0
    for job in jobs:
        next_at = known.get(job.name)
        if next_at is None:
            _introduce(job)
        elif next_at <= now and _claim(job):
            ran += 1
            _run(job)
    return ran


def _introduce(job: Job) -> None:
    try:
        with transaction.atomic():
            RecurringJob.objects.create(name=job.name, next_at=clock.now() + job.every)
    except IntegrityError:
        return  # Another worker introduced it.


def _claim(job: Job) -> bool:
    now = clock.now()
    return bool(RecurringJob.objects.filter(name=job.name, next_at__lte=now).update(next_at=now + job.every))


def _run(job: Job) -> None:
    try:
        job.run()
    except Exception:
        log.exception("recurring job failed", extra={"job": job.name})


def expire_snapshots() -> None:
    """Let go of snapshots behind the retention, and of parts that nothing names any more."""
    retention.expire(before=clock.now() - timedelta(days=settings.CONTROL.snapshot_retention_days))
    retention.sweep()


def trim_deliveries() -> None:
    """Let go of deliveries that were done long ago."""
    relay.trim(before=clock.now() - timedelta(days=settings.CONTROL.delivery_retention_days))


def expire_webhook_deliveries() -> None:
    """Let go of messages to webhooks that are too old to be seen or sent."""
    couriers.expire(days=settings.CONTROL.webhook_retention_days)


JOBS: Final[tuple[Job, ...]] = (
    Job(name="expire-snapshots", every=timedelta(hours=6), run=expire_snapshots),
    Job(name="trim-deliveries", every=timedelta(hours=1), run=trim_deliveries),
    Job(name="expire-webhook-deliveries", every=timedelta(hours=1), run=expire_webhook_deliveries),
)
