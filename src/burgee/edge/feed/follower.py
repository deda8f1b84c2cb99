"""Following a source: catch up with what is newer, when told and every few seconds anyway."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from burgee.edge.ending import end
from burgee.edge.feed.protocol import Head, SnapshotSource, SnapshotStore, SourceUnavailable
from burgee.edge.store import Verdict
from burgee.wire.snapshot import Delta

log = logging.getLogger(__name__)

RECONCILE_SECONDS: Final = 5.0
_NOTHING: Final = Head(-1, -1)


class Follower:
    """Signals only say where to look: what is missing is read from the source."""

    def __init__(self, source: SnapshotSource, *, interval: float = RECONCILE_SECONDS) -> None:
        self._source = source
        self._interval = interval
        self._store: SnapshotStore | None = None
        self._told: set[int] = set()
        self._told_all = False
        self._wake_up = asyncio.Event()
        self._turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def start(self, store: SnapshotStore) -> None:
        self._store = store
        await self.reconcile()
        self._task = asyncio.get_running_loop().create_task(self._follow())

    async def close(self) -> None:
        if self._task is not None:
            await end(self._task)
            self._task = None
        await self._source.close()

    def told(self, environment_id: int, head: Head | None = None) -> None:
        """Something newer may exist there: `head`, where that is known."""
        if head is not None and head <= (self._started().version(environment_id) or _NOTHING):
            return
        self._told.add(environment_id)
        self._wake_up.set()

    def told_all(self) -> None:
        """Something newer may exist anywhere."""
        self._told_all = True
        self._wake_up.set()

    def accept(self, delta: Delta) -> Verdict:
        """Bring a delta that came by itself to the store; a gap is filled in the background."""
        outcome = self._started().accept(delta)
        if outcome is Verdict.GAP:
            self.told(delta.environment_id)
        return outcome

    async def reconcile(self) -> None:
        await _attempt(self._reconcile())

    async def _reconcile(self) -> None:
        async with self._turn:
            store = self._started()
            # Before the heads are read, so that an environment made in between does not look gone.
            served = set(store.versions())
            heads = await self._source.heads()
            for environment_id, head in heads.items():
                if head > (store.version(environment_id) or _NOTHING):
                    await self._catch_up(environment_id)
            for environment_id in served - heads.keys():
                self._remove(environment_id, heads)

    async def _catch_up_all(self, environment_ids: Iterable[int]) -> None:
        async with self._turn:
            for environment_id in environment_ids:
                await self._catch_up(environment_id)

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._interval):
                    await self._wake_up.wait()
            self._wake_up.clear()
            told, self._told = self._told, set()
            everywhere, self._told_all = self._told_all or not told, False
            await _attempt(self._reconcile() if everywhere else self._catch_up_all(told))

    async def _catch_up(self, environment_id: int) -> None:
        try:
            await self._bring_what_is_newer(environment_id)
        except SourceUnavailable:
            raise
        except Exception:
            # One environment that cannot be read must not keep the others old.
            log.exception("feed.environment_failed environment_id=%d", environment_id)

    async def _bring_what_is_newer(self, environment_id: int) -> None:
        store = self._started()
        version = store.version(environment_id)
        for delta in await self._source.deltas(environment_id, version and Head(*version)):
            if await _accept(store, delta) is Verdict.GAP:
                complete = await self._source.snapshot(environment_id)
                if complete is not None:
                    await _accept(store, complete)
                return

    def _remove(self, environment_id: int, heads: Mapping[int, Head]) -> None:
        """An environment without a head is gone, as after the restore of an older database."""
        log.warning("feed.environment_gone environment_id=%d", environment_id)
        store = self._started()
        epoch, revision = store.version(environment_id) or _NOTHING
        removed = Delta(
            environment_id=environment_id,
            epoch=max([epoch, *(head.epoch for head in heads.values())]),
            revision=revision + 1,
            parent=None,
            published_at=datetime.now(UTC),
            parts={},
        )
        store.accept(removed)

    def _started(self) -> SnapshotStore:
        if self._store is None:
            raise RuntimeError("the feed is not started")
        return self._store


async def _accept(store: SnapshotStore, delta: Delta) -> Verdict:
    """Complete snapshots are compiled on a thread, so that requests are answered meanwhile."""
    return await asyncio.to_thread(store.accept, delta) if delta.complete else store.accept(delta)


async def _attempt(step: Coroutine[Any, Any, None]) -> None:
    """A feed outlives whatever its source does: the next reconciliation tries again."""
    try:
        await step
    except SourceUnavailable as error:
        log.warning("feed.unavailable reason=%s", error)
    except Exception:
        log.exception("feed.failed")
