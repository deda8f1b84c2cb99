"""A thread that does background work, so that a long job holds up neither events nor webhooks."""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

from django.db import DatabaseError, connections

from burgee.control.events import wakeup
from burgee.control.jobs import services as jobs
from burgee.control.jobs.leases import LEASE
from burgee.control.jobs.models import Job
from burgee.control.jobs.services import Kind

log = logging.getLogger(__name__)


class Hands:
    """The job in the hands of one worker; the thread starts with the first job and ends with `stop`."""

    def __init__(self, owner: str, kinds: Sequence[Kind], *, lease: timedelta = LEASE) -> None:
        self._owner = owner
        self._kinds = {kind.name: kind for kind in kinds}
        self._lease = lease
        self._busy = threading.Event()
        self._pool: ThreadPoolExecutor | None = None

    def take_due(self) -> bool:
        """Take the next job that is due when there is none in hand; whether there was one."""
        if self._busy.is_set():
            return False
        for job_id in jobs.due(self._kinds.values(), 1):
            job = jobs.claim(job_id, owner=self._owner, lease=self._lease)
            if job is not None:
                self._busy.set()
                self._pool = self._pool or ThreadPoolExecutor(1, "burgee-job")
                self._pool.submit(self._do, job)
                return True
        return False

    def stop(self) -> None:
        """End after the job in hand."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True)

    def _do(self, job: Job) -> None:
        try:
            # With the database away the lease runs out, and the job comes again.
            with suppress(DatabaseError):
                jobs.carry_out(job, self._kinds[job.kind], lease=self._lease)
        except Exception:
            log.exception("a job could not be ended", extra={"kind": job.kind, "job_id": job.pk})
        finally:
            connections.close_all()
            self._busy.clear()
            wakeup.nudge()
