"""Snapshots from a folder that someone else fills, as where no network reaches."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from burgee.edge.feed.folder import SnapshotFolder
from burgee.edge.feed.follower import Follower
from burgee.edge.feed.protocol import Head, SnapshotStore, SourceUnavailable
from burgee.wire.snapshot import Delta

LOOK_SECONDS: Final = 1.0


class FileSource:
    """Reads a file again only after it was replaced."""

    def __init__(self, folder: SnapshotFolder) -> None:
        self._folder = folder
        self._heads: dict[int, tuple[tuple[int, int, int], Head]] = {}

    async def heads(self) -> Mapping[int, Head]:
        return await asyncio.to_thread(self._read_heads)

    async def deltas(self, environment_id: int, since: Head | None) -> list[Delta]:
        complete = await self.snapshot(environment_id)
        if complete is None or (since is not None and (complete.epoch, complete.revision) <= since):
            return []
        return [complete]

    async def snapshot(self, environment_id: int) -> Delta | None:
        try:
            return await asyncio.to_thread(self._folder.read, environment_id)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise SourceUnavailable(f"cannot read the snapshot of environment {environment_id}: {error}") from error

    async def close(self) -> None:
        """Nothing stays open."""

    def _read_heads(self) -> dict[int, Head]:
        try:
            for environment_id in self._folder.environments():
                self._read_head(environment_id)
            present = set(self._folder.environments())
        except (OSError, ValueError) as error:
            raise SourceUnavailable(f"cannot read the folder of snapshots: {error}") from error
        self._heads = {
            environment_id: known for environment_id, known in self._heads.items() if environment_id in present
        }
        return {environment_id: head for environment_id, (_, head) in self._heads.items()}

    def _read_head(self, environment_id: int) -> None:
        stamp = self._folder.stamp(environment_id)
        known = self._heads.get(environment_id)
        if known is None or known[0] != stamp:
            snapshot = self._folder.read(environment_id)
            self._heads[environment_id] = stamp, Head(snapshot.epoch, snapshot.revision)


class FileFeed:
    """Looks at the folder every second."""

    def __init__(self, folder: Path, *, interval: float = LOOK_SECONDS) -> None:
        self._follower = Follower(FileSource(SnapshotFolder(folder)), interval=interval)

    async def start(self, store: SnapshotStore) -> None:
        await self._follower.start(store)

    async def reconcile(self) -> None:
        await self._follower.reconcile()

    async def close(self) -> None:
        await self._follower.close()
