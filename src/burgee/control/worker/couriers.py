"""Threads that send webhooks, so that a slow receiver holds up neither the worker nor other receivers."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Final

from django.db import DatabaseError, connections

from burgee.control.events import wakeup
from burgee.control.kit import outbound
from burgee.control.kit.outbound import Client
from burgee.control.webhooks import couriers

log = logging.getLogger(__name__)

THREADS: Final = 4


class Couriers:
    """Hooks in the hands of one worker; its threads start with the first hook and end with `stop`."""

    def __init__(
        self,
        owner: str,
        *,
        client: Callable[[], Client] = outbound.client,
        threads: int = THREADS,
        lease: timedelta = couriers.LEASE,
    ) -> None:
        self._owner = owner
        self._lease = lease
        self._client = client
        self._threads = threads
        self._guard = threading.Lock()
        self._busy = 0
        self._stopping = threading.Event()
        self._pool: ThreadPoolExecutor | None = None

    def send_due(self) -> bool:
        """Hand out the hooks that are due, as many as threads are free; whether there were any."""
        with self._guard:
            free = self._threads - self._busy
        due = couriers.due_hooks(free)
        claimed = [hook_id for hook_id in due if couriers.claim(hook_id, owner=self._owner, lease=self._lease)]
        for hook_id in claimed:
            with self._guard:
                self._busy += 1
                self._stopping.clear()
                self._pool = self._pool or ThreadPoolExecutor(self._threads, "burgee-courier")
            self._pool.submit(self._serve, hook_id)
        return bool(claimed)

    def stop(self) -> None:
        """End after the messages in hand; hooks are given back."""
        self._stopping.set()
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True)

    def _serve(self, hook_id: int) -> None:
        try:
            client = self._client()
            couriers.serve(hook_id, owner=self._owner, client=client, lease=self._lease, goes_on=self._goes_on)
        except Exception:
            log.exception("a courier could not work", extra={"webhook_id": hook_id})
            # With the database away the lease runs out instead.
            with suppress(DatabaseError):
                couriers.release(hook_id, owner=self._owner)
        finally:
            connections.close_all()
            with self._guard:
                self._busy -= 1
            wakeup.nudge()

    def _goes_on(self) -> bool:
        return not self._stopping.is_set()
