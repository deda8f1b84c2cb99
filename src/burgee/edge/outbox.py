"""Answers of one turn of the loop, sent together.

A reader on the same machine that sleeps has to be woken by each answer that finds it asleep, which costs more than
the answer. Sent in a row, all but the first find it awake; a single answer leaves one turn of the loop later.
"""

import asyncio
from typing import Final

_MOST: Final = 64
"""So many answers do not wait for the end of the turn."""


class Outbox:
    """At most one answer of each connection waits here, so what a connection was sent stays in order."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Transport, bytes] = {}

    def put(self, transport: asyncio.Transport, data: bytes) -> None:
        """Send `data` soon; whatever else is to be written to `transport` must come after a `flush`."""
        waiting = self._waiting
        if transport in waiting or len(waiting) >= _MOST:
            self.flush()
            waiting = self._waiting
        if not waiting:
            asyncio.get_running_loop().call_soon(self.flush)
        waiting[transport] = data

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for transport, data in waiting.items():
            if not transport.is_closing():
                transport.write(data)
