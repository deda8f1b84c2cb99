"""Control in the same process hands its deltas over; the next read sees them."""

from burgee.edge.feed.follower import RECONCILE_SECONDS, Follower
from burgee.edge.feed.protocol import SnapshotSource, SnapshotStore
from burgee.edge.store import Verdict
from burgee.wire.snapshot import Delta


class InProcessFeed:
    """`deliver` is for the threads of control; everything else belongs to the event loop."""

    def __init__(self, source: SnapshotSource, *, interval: float = RECONCILE_SECONDS) -> None:
        self._follower = Follower(source, interval=interval)
        self._store: SnapshotStore | None = None

    async def start(self, store: SnapshotStore) -> None:
        await self._follower.start(store)
        self._store = store

    async def reconcile(self) -> None:
        await self._follower.reconcile()

    async def close(self) -> None:
        self._store = None
        await self._follower.close()

    def deliver(self, delta: Delta) -> Verdict:
        """Bring the delta to the store at once; on a gap, or before the start, reconciling will."""
        return Verdict.GAP if self._store is None else self._store.accept(delta)
