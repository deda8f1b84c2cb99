"""A lease that lasts as long as the work: renewed from beside it, and gone soon after its worker dies."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Final

from django.db import DatabaseError, connections

from burgee.control.jobs.models import Job
from burgee.control.kit import clock

LEASE: Final = timedelta(seconds=30)


@contextmanager
def renewed(job: Job, lease: timedelta) -> Iterator[None]:
    """Keep the lease of a claimed job until the work inside ends."""
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(job, lease, ended), name="burgee-lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep(job: Job, lease: timedelta, ended: threading.Event) -> None:
    try:
        while not ended.wait(lease.total_seconds() / 3):
            # With the database away, the next turn may still be in time.
            with suppress(DatabaseError):
                Job.objects.filter(pk=job.pk, owner=job.owner).update(lease_until=clock.now() + lease)
    finally:
        connections.close_all()
