"""Recurring work: each due time becomes one job, however many workers there are."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from msgspec import Struct

from burgee.control.events.models import RecurringJob
from burgee.control.jobs.leases import LEASE
from burgee.control.jobs.models import Job, JobStatus
from burgee.control.jobs.services import Kind
from burgee.control.kit import clock
from burgee.control.kit.digests import live_key


class Recurring(Struct, frozen=True, kw_only=True):
    name: str
    every: timedelta
    run: Callable[[], object]

    def kind(self) -> Kind:
        """The same as work of a kind."""

        def run(_: Job) -> None:
            self.run()

        return Kind(name=self.name, run=run)


def put_due(recurring: Iterable[Recurring]) -> int:
    """Make a job of each due time that has come and has none; returns how many.

    Times that passed while no worker was there, or while the work of the last one went on, count as one: the work is
    about what there is, not about the hour.
    """
    known = dict(RecurringJob.objects.values_list("name", "next_at"))
    now = clock.now()
    put = 0
    for work in recurring:
        due_at = known.get(work.name)
        if due_at is None:
            _introduce(work, now)
        elif due_at <= now:
            put += _put(work, due_at, now)
        elif due_at > now + 2 * work.every:
            # Nobody sets it so far ahead but a clock that was wrong, or a release with a longer period.
            RecurringJob.objects.filter(name=work.name, next_at=due_at).update(next_at=now + work.every)
    return put


def _introduce(work: Recurring, now: datetime) -> None:
    try:
        with transaction.atomic():
            RecurringJob.objects.create(name=work.name, next_at=now + work.every)
    except IntegrityError:
        return  # Another worker introduced it.


def _put(work: Recurring, due_at: datetime, now: datetime) -> bool:
    """The job and the step to the next due time, both or none.

    False when another worker made them, and while the last job goes on: two of them at once could disturb each other.
    """
    if _goes_on(work, now):
        return False
    next_at = due_at + work.every * ((now - due_at) // work.every + 1)
    occurrence = live_key("recurring", work.name, due_at.isoformat())
    try:
        with transaction.atomic():
            if not RecurringJob.objects.filter(name=work.name, next_at=due_at).update(next_at=next_at):
                return False
            Job.objects.create(kind=work.name, occurrence=occurrence, due_at=due_at)
    except IntegrityError:
        return False
    return True


def _goes_on(work: Recurring, now: datetime) -> bool:
    """Whether its last job is in somebody's hands, or soon will be; not what a wrong clock put off for long."""
    soon = now + work.every + LEASE
    waiting = Job.objects.filter(kind=work.name, status=JobStatus.WAITING, due_at__lte=soon)
    return waiting.filter(Q(lease_until=None) | Q(lease_until__lte=soon)).exists()
