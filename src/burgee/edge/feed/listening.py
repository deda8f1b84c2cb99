"""A feed that is told of changes over a connection which may break: it connects again and looks everywhere."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from burgee.edge.ending import end
from burgee.edge.feed.follower import RECONCILE_SECONDS, Follower
from burgee.edge.feed.protocol import SnapshotSource, SnapshotStore

log = logging.getLogger(__name__)

RECONNECT_SECONDS: Final = 1.0

Listen = Callable[[Follower], Awaitable[None]]
"""Connects and passes on what it hears until the connection breaks, with whatever error."""


class ListeningFeed:
    def __init__(
        self,
        source: SnapshotSource,
        listen: Listen,
        *,
        interval: float = RECONCILE_SECONDS,
        reconnect: float = RECONNECT_SECONDS,
    ) -> None:
        self._follower = Follower(source, interval=interval)
        self._listen = listen
        self._reconnect = reconnect
        self._task: asyncio.Task[None] | None = None

    async def start(self, store: SnapshotStore) -> None:
        await self._follower.start(store)
        self._task = asyncio.get_running_loop().create_task(self._listen_for_ever())

    async def reconcile(self) -> None:
        await self._follower.reconcile()

    async def close(self) -> None:
        if self._task is not None:
            await end(self._task)
            self._task = None
        await self._follower.close()

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen(self._follower)
            except Exception as error:  # noqa: BLE001  # each driver has its own; the answer is to connect again
                log.warning("feed.disconnected reason=%s", type(error).__name__)
            await asyncio.sleep(self._reconnect)
