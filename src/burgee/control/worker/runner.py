"""The worker: a loop that relays events, carries out deliveries, makes due versions live and runs recurring jobs."""

import logging
import os
import socket
import threading
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import connections

from burgee.control.events import relay, wakeup
from burgee.control.events.relay import Consumer
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.services import publish_due
from burgee.control.worker.consumers import CONSUMERS
from burgee.control.worker.couriers import Couriers
from burgee.control.worker.scheduler import JOBS, Job, run_due

log = logging.getLogger(__name__)

LONGEST_PAUSE: Final = 30.0
"""Seconds between tries while the database is away."""


class Worker:
    """One worker; any number may run, in threads, processes and on machines."""

    def __init__(
        self,
        *,
        consumers: Sequence[Consumer] = CONSUMERS,
        jobs: Sequence[Job] = JOBS,
        poll_seconds: float = 0.5,
        lease: timedelta = relay.LEASE,
    ) -> None:
        self.owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
        self._couriers = Couriers(self.owner, lease=lease)
        self._consumers = consumers
        self._jobs = jobs
        self._poll_seconds = poll_seconds
        self._lease = lease
        self._stopping = threading.Event()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Run in a thread of its own; nothing happens when it runs already."""
        with self._guard:
            if self._thread is None or not self._thread.is_alive():
                self._stopping.clear()
                self._thread = threading.Thread(target=self.run, name="burgee-worker", daemon=True)
                self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """End the loop after the delivery in hand, and wait for it."""
        self._stopping.set()
        wakeup.nudge()
        with self._guard:
            thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)

    def run(self) -> None:
        """Work until stopped, through outages of the database."""
        failures = 0
        while not self._stopping.is_set():
            try:
                for connection in connections.all(initialized_only=True):
                    connection.close_if_unusable_or_obsolete()
                busy = self.tick()
                failures = 0
            except Exception:
                failures += 1
                log.exception("the worker could not work", extra={"owner": self.owner, "failures": failures})
                busy = False
                connections.close_all()
            if failures:
                self._stopping.wait(min(self._poll_seconds * 2**failures, LONGEST_PAUSE))
            elif not busy:
                wakeup.wait(self._poll_seconds)
        self._couriers.stop()
        connections.close_all()

    def tick(self) -> bool:
        """One round; returns whether there may be more to do at once."""
        dispatched = relay.dispatch(self._consumers)
        delivered = relay.deliver(self._consumers, owner=self.owner, lease=self._lease)
        published = publish_due(actor=SYSTEM)
        sent = self._couriers.send_due()
        run_due(self._jobs)
        return bool(dispatched or delivered or published or sent)
