"""Asking for work, and doing it: claims are leases, so that no engine needs SKIP LOCKED.

Which kinds of work there are is an argument, so that jobs stay below everything that asks for them.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet
from msgspec import Struct

from burgee.control.events import wakeup
from burgee.control.events.relay import pause
from burgee.control.jobs.leases import LEASE, renewed
from burgee.control.jobs.models import Job, JobStatus
from burgee.control.kit import clock

log = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 6
"""After that many, deaths of workers included, a job is given up."""


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of work.

    ``run`` may be called again for a job that it did already, when a worker dies between the work and its end: it must
    see by its own rows what is left to do. ``give_up`` hears of a job that is not tried again.
    """

    name: str
    run: Callable[[Job], None]
    give_up: Callable[[Job], None] | None = None


def ask_for(kind: str, *, subject_id: int | None = None, payload: Mapping[str, Any] | None = None) -> Job:
    """Have work done after the commit of this transaction."""
    job = Job.objects.create(kind=kind, subject_id=subject_id, payload=dict(payload or {}), due_at=clock.now())
    transaction.on_commit(wakeup.nudge)
    return job


def report(job: Job, progress: int) -> None:
    """Say how far it is, in per cent: a hundred comes with the end."""
    Job.objects.filter(pk=job.pk, owner=job.owner).update(progress=min(max(progress, 0), 99))


def due(kinds: Iterable[Kind], limit: int) -> list[int]:
    """The ids of jobs that can be claimed, the one that is due longest first."""
    waiting = _free(clock.now()).filter(kind__in=[kind.name for kind in kinds])
    return list(waiting.order_by("due_at", "id").values_list("pk", flat=True)[:limit])


def claim(job_id: int, *, owner: str, lease: timedelta = LEASE) -> Job | None:
    """The job, now leased to `owner`; None when somebody else has it or has done it."""
    now = clock.now()
    taken = _free(now).filter(pk=job_id).update(owner=owner, lease_until=now + lease, attempts=F("attempts") + 1)
    return Job.objects.get(pk=job_id) if taken else None


def carry_out(job: Job, kind: Kind, *, lease: timedelta = LEASE) -> None:
    """Do a claimed job; one that fails rests, and is given up after so many attempts."""
    if job.attempts > MOST_ATTEMPTS:
        # No error ended the last attempt, so its worker died with it.
        _give_up(job, kind, job.last_error or "WorkerDied")
        return
    try:
        with renewed(job, lease):
            kind.run(job)
    except Exception as error:
        log.exception("a job failed", extra={"kind": job.kind, "job_id": job.pk})
        if job.attempts >= MOST_ATTEMPTS:
            _give_up(job, kind, type(error).__name__)
        else:
            rest = clock.now() + pause(job.attempts)
            _mine(job).update(owner=None, lease_until=None, due_at=rest, last_error=type(error).__name__)
    else:
        _end(job, status=JobStatus.DONE, progress=100, last_error=None)


def run_due(kinds: Iterable[Kind], *, owner: str, limit: int = 100, lease: timedelta = LEASE) -> int:
    """Do the jobs that are due, one after the other; returns how many were tried."""
    known = {kind.name: kind for kind in kinds}
    tried = 0
    for job_id in due(known.values(), limit):
        job = claim(job_id, owner=owner, lease=lease)
        if job is not None:
            tried += 1
            carry_out(job, known[job.kind], lease=lease)
    return tried


def trim(*, before: datetime) -> int:
    """Delete jobs that ended before that moment; returns how many."""
    return Job.objects.filter(ended_at__lt=before).delete()[0]


def _free(now: datetime) -> QuerySet[Job]:
    unheld = Q(lease_until=None) | Q(lease_until__lt=now)
    return Job.objects.filter(unheld, status=JobStatus.WAITING, due_at__lte=now)


def _mine(job: Job) -> QuerySet[Job]:
    # Only the owner of the lease writes the end: one whose lease ran out leaves it to the next.
    return Job.objects.filter(pk=job.pk, owner=job.owner, status=JobStatus.WAITING)


def _give_up(job: Job, kind: Kind, error: str) -> None:
    if kind.give_up is not None:
        kind.give_up(job)
    _end(job, status=JobStatus.FAILED, last_error=error[:500])


def _end(job: Job, **facts: Any) -> None:
    _mine(job).update(owner=None, lease_until=None, ended_at=clock.now(), **facts)
