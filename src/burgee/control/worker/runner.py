"""The worker: a loop that relays events, carries out deliveries, makes due versions live and does background work."""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import connections

from burgee.control.events import relay, wakeup
from burgee.control.events.relay import Consumer
from burgee.control.jobs.recurring import Recurring, put_due
from burgee.control.jobs.services import Kind
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.services import publish_due
from burgee.control.worker.consumers import CONSUMERS
from burgee.control.worker.couriers import Couriers
from burgee.control.worker.hands import Hands
from burgee.control.worker.jobs import KINDS, RECURRING
from burgee.control.worker.postman import Postman

log = logging.getLogger(__name__)

LONGEST_PAUSE: Final = 30.0
"""Seconds between tries while the database is away."""


GATHERING: Final = 0.2
"""Seconds between the last nudge and the work: what follows closely is done together."""

LONGEST_GATHERING: Final = 2.0
"""Seconds that work waits at most for those who go on nudging."""


class Worker:
    """One worker; any number may run, in threads, processes and on machines."""

    def __init__(
        self,
        *,
        consumers: Sequence[Consumer] = CONSUMERS,
        kinds: Sequence[Kind] = KINDS,
        recurring: Sequence[Recurring] = RECURRING,
        poll_seconds: float = 0.5,
        lease: timedelta = relay.LEASE,
    ) -> None:
        self.owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
        self._couriers = Couriers(self.owner, lease=lease)
        self._postman = Postman(self.owner)
        self._consumers = consumers
        self._recurring = recurring
        self._hands = Hands(self.owner, [*kinds, *(work.kind() for work in recurring)], lease=lease)
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
                self._gather()
        self._couriers.stop()
        self._postman.stop()
        self._hands.stop()
        connections.close_all()

    def _gather(self) -> None:
        until = time.monotonic() + LONGEST_GATHERING
        while wakeup.wait(GATHERING) and time.monotonic() < until and not self._stopping.is_set():
            continue

    def tick(self) -> bool:
        """One round; returns whether there may be more to do at once."""
        dispatched = relay.dispatch(self._consumers)
        delivered = relay.deliver(self._consumers, owner=self.owner, lease=self._lease)
        published = publish_due(actor=SYSTEM)
        sent = self._couriers.send_due()
        posted = self._postman.send_due()
        put_due(self._recurring)
        taken = self._hands.take_due()
        left = dispatched >= relay.BATCH or delivered >= relay.BATCH
        return bool(left or published or sent or posted or taken)
