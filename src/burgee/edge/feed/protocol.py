"""How snapshots reach the store of this process, wherever they come from."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from burgee.edge.store import Verdict
from burgee.wire.snapshot import Delta


class Head(NamedTuple):
    """Where an environment stands; heads are ordered by epoch, then revision."""

    epoch: int
    revision: int


class SnapshotStore(Protocol):
    """What a feed needs of the store; an accepted delta is visible to the next read, in any thread."""

    def accept(self, delta: Delta) -> Verdict: ...

    def version(self, environment_id: int) -> tuple[int, int] | None:
        """The newest (epoch, revision) seen, also of a removed environment."""

    def versions(self) -> Mapping[int, tuple[int, int]]:
        """Those of the environments that are served."""


class SnapshotSource(Protocol):
    """Where a feed reads snapshots; every method may raise SourceUnavailable."""

    async def heads(self) -> Mapping[int, Head]:
        """The head of every environment that exists."""

    async def deltas(self, environment_id: int, since: Head | None) -> list[Delta]:
        """What leads from `since` to the head: deltas, or one complete snapshot; empty if there is nothing newer."""

    async def snapshot(self, environment_id: int) -> Delta | None:
        """The complete snapshot, None if the environment does not exist."""

    async def close(self) -> None: ...


class SourceUnavailable(Exception):  # reads as the condition it is
    """The source cannot be asked now; the feed tries again."""


class Feed(Protocol):
    """Keeps a store up to date; lost messages heal at the next reconciliation."""

    async def start(self, store: SnapshotStore) -> None:
        """Bring the store up to date once, if the source answers, and follow from then on."""

    async def reconcile(self) -> None:
        """Compare the heads of all environments now; a source that is away is logged and asked again later."""

    async def close(self) -> None: ...
