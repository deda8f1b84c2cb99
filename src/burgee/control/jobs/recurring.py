"""Recurring work: each due time becomes one job, however many workers there are."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from msgspec import Struct

from burgee.control.events.models import RecurringJob
from burgee.control.jobs.models import Job
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

    Times that passed while no worker was there count as one: the work is about what there is, not about the hour.
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
    return put


def _introduce(work: Recurring, now: datetime) -> None:
    try:
        with transaction.atomic():
            RecurringJob.objects.create(name=work.name, next_at=now + work.every)
    except IntegrityError:
        return  # Another worker introduced it.


def _put(work: Recurring, due_at: datetime, now: datetime) -> bool:
    """The job and the step to the next due time, both or none; False when another worker made them."""
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
