"""A thread that sends letters, so that a mail server that hangs holds up nothing else."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.db import connections

from burgee.control.accounts.letters import COMPOSERS as OF_ACCOUNTS
from burgee.control.events import wakeup
from burgee.control.mail import delivery
from burgee.control.mail.delivery import Composers
from burgee.control.organisations.letters import COMPOSERS as OF_ORGANISATIONS
from burgee.control.sso.glass import COMPOSERS as OF_SIGNING_IN
from burgee.control.webhooks.letters import COMPOSERS as OF_WEBHOOKS

log = logging.getLogger(__name__)

REST_SECONDS: Final = 30.0
"""Between tries while no letter can be sent at all, such as with a wrong EMAIL_BACKEND."""

COMPOSERS: Final[Composers] = {**OF_ACCOUNTS, **OF_ORGANISATIONS, **OF_SIGNING_IN, **OF_WEBHOOKS}
"""Who composes which letter."""


class Postman:
    """Letters in the hands of one worker; the thread starts with the first letter and ends with `stop`."""

    def __init__(self, owner: str, *, composers: Composers = COMPOSERS) -> None:
        self._owner = owner
        self._composers = composers
        self._guard = threading.Lock()
        self._is_busy = False
        self._rests_until = 0.0
        self._stopping = threading.Event()
        self._pool: ThreadPoolExecutor | None = None

    def send_due(self) -> bool:
        """Start sending what is due, unless that goes on already; whether it was started."""
        with self._guard:
            if self._is_busy or time.monotonic() < self._rests_until or not delivery.is_due():
                return False
            self._is_busy = True
            self._stopping.clear()
            self._pool = self._pool or ThreadPoolExecutor(1, "burgee-postman")
            self._pool.submit(self._serve)
        return True

    def stop(self) -> None:
        """End after the letter in hand."""
        self._stopping.set()
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True)

    def _serve(self) -> None:
        try:
            delivery.serve(self._composers, owner=self._owner, goes_on=self._goes_on)
        except Exception:
            # With the database away the lease of the letter in hand runs out.
            log.exception("the postman could not work")
            self._rests_until = time.monotonic() + REST_SECONDS
        finally:
            connections.close_all()
            with self._guard:
                self._is_busy = False
            wakeup.nudge()

    def _goes_on(self) -> bool:
        return not self._stopping.is_set()
