"""The last snapshots that this machine served, on its disk: enough to start with everything else dead."""

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import Final

from burgee.edge.call_thread import CallThread
from burgee.edge.ending import end
from burgee.edge.feed.folder import SnapshotFolder
from burgee.edge.feed.serving import complete_snapshot
from burgee.edge.store import Changed, Store
from burgee.wire.snapshot import Delta

log = logging.getLogger(__name__)

SETTLE_SECONDS: Final = 1.0


class LastGood:
    """Start it before the feed: what the feed brings is newer. Several processes may share the folder."""

    def __init__(self, folder: Path, store: Store, *, settle: float = SETTLE_SECONDS) -> None:
        self._folder = SnapshotFolder(folder)
        self._store = store
        self._settle = settle
        self._dirty: set[int] = set()
        self._wake_up = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: CallThread | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._thread = CallThread("burgee-last-good")
        await self._thread.call(self._load)
        self._loop = asyncio.get_running_loop()
        self._store.listen(self._changed)
        self._task = self._loop.create_task(self._write_for_ever())

    async def close(self) -> None:
        self._loop = None
        if self._task is not None:
            await end(self._task)
            self._task = None
        if self._thread is not None:
            await self._thread.call(self._write, self._take_dirty())
            await self._thread.close()
            self._thread = None

    def _load(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            for found in self._folder.read_all():
                if isinstance(found, Delta):
                    self._store.accept(found)
                else:
                    log.warning("last_good.unreadable environment_id=%d reason=%s", *found)

    def _changed(self, changed: Changed) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._note, changed.environment_id)

    def _note(self, environment_id: int) -> None:
        self._dirty.add(environment_id)
        self._wake_up.set()

    async def _write_for_ever(self) -> None:
        while self._thread is not None:
            await self._wake_up.wait()
            # Changes come in bursts, and each file is written whole.
            await asyncio.sleep(self._settle)
            self._wake_up.clear()
            await self._thread.call(self._write, self._take_dirty())

    def _take_dirty(self) -> set[int]:
        dirty, self._dirty = self._dirty, set()
        return dirty

    def _write(self, environment_ids: set[int]) -> None:
        for environment_id in environment_ids:
            environment = self._store.environment(environment_id)
            try:
                if environment is None:
                    self._folder.remove(environment_id)
                else:
                    self._folder.write(complete_snapshot(environment))
            except OSError as error:
                log.warning("last_good.not_written environment_id=%d reason=%s", environment_id, error.strerror)
