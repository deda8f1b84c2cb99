"""Snapshots that another process published into the SQLite file: one cheap look every few milliseconds."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from burgee.edge.ending import end
from burgee.edge.feed.follower import RECONCILE_SECONDS, Follower
from burgee.edge.feed.protocol import SnapshotStore
from burgee.edge.feed.tables import TableSource

POLL_SECONDS: Final = 0.005


def connect_read_only(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=1, isolation_level=None, check_same_thread=False)


def sqlite_source(path: Path) -> TableSource:
    return TableSource(lambda: connect_read_only(path), placeholder="?", begin=("BEGIN",))


class SqliteFeed:
    """Asks `PRAGMA data_version`, which changes with every commit of another connection."""

    def __init__(self, path: Path, *, poll: float = POLL_SECONDS, interval: float = RECONCILE_SECONDS) -> None:
        self._path = path
        self._poll = poll
        self._follower = Follower(sqlite_source(path), interval=interval)
        self._task: asyncio.Task[None] | None = None

    async def start(self, store: SnapshotStore) -> None:
        await self._follower.start(store)
        self._task = asyncio.get_running_loop().create_task(self._watch())

    async def reconcile(self) -> None:
        await self._follower.reconcile()

    async def close(self) -> None:
        if self._task is not None:
            await end(self._task)
            self._task = None
        await self._follower.close()

    async def _watch(self) -> None:
        while True:
            with contextlib.suppress(sqlite3.Error), contextlib.closing(connect_read_only(self._path)) as connection:
                await self._watch_connection(connection)
            await asyncio.sleep(1)

    async def _watch_connection(self, connection: sqlite3.Connection) -> None:
        ask: Callable[[], tuple[int]] = lambda: connection.execute("PRAGMA data_version").fetchone()  # noqa: E731
        version = ask()
        # Anything may have happened before this connection was there.
        self._follower.told_all()
        while True:
            await asyncio.sleep(self._poll)
            if (current := ask()) != version:
                version = current
                self._follower.told_all()
