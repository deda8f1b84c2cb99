"""The upstream's side of the HTTP feed: what this process serves, for the nodes that follow it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final

import msgspec

from burgee.edge.environment import Environment
from burgee.edge.feed.envelope import encode_delta
from burgee.edge.store import Changed, Store
from burgee.wire.snapshot import Delta, Part

HEARTBEAT_SECONDS: Final = 5.0
_LINES_AT_MOST: Final = 256
"""A node that is this far behind is cut off: it connects again and fetches what it lacks."""


class FeedServer:
    """Made on the event loop on which its streams run; the store may change in any thread."""

    def __init__(self, store: Store, *, heartbeat: float = HEARTBEAT_SECONDS) -> None:
        self._store = store
        self._heartbeat = heartbeat
        self._loop = asyncio.get_running_loop()
        self._followers: set[asyncio.Queue[bytes | None]] = set()
        store.listen(self._changed)

    def heads(self) -> bytes:
        return msgspec.json.encode(self._store.versions())

    def snapshot(self, environment_id: int) -> bytes | None:
        environment = self._store.environment(environment_id)
        return None if environment is None else encode_delta(complete_snapshot(environment))

    async def stream(self) -> AsyncIterator[bytes]:
        """Lines: each delta as it is accepted; empty ones as a sign of life."""
        lines: asyncio.Queue[bytes | None] = asyncio.Queue(_LINES_AT_MOST)
        self._followers.add(lines)
        try:
            yield b"\n"
            while True:
                try:
                    async with asyncio.timeout(self._heartbeat):
                        line = await lines.get()
                except TimeoutError:
                    line = b"\n"
                if line is None:
                    return
                yield line
        finally:
            self._followers.discard(lines)

    def close(self) -> None:
        """End every stream."""
        for lines in self._followers:
            _end(lines)
        self._followers.clear()

    def _changed(self, changed: Changed) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._send, changed)

    def _send(self, changed: Changed) -> None:
        if not self._followers:
            return
        line = encode_delta(_delta(changed)) + b"\n"
        for lines in list(self._followers):
            try:
                lines.put_nowait(line)
            except asyncio.QueueFull:
                self._followers.discard(lines)
                _end(lines)


def complete_snapshot(environment: Environment) -> Delta:
    epoch, revision = environment.version
    return Delta(
        environment_id=environment.id,
        epoch=epoch,
        revision=revision,
        parent=None,
        published_at=environment.published_at,
        parts=dict(environment.parts),
    )


def _delta(changed: Changed) -> Delta:
    """What led from the environment before to the one now."""
    new, old = changed.environment, changed.previous
    if new is None:
        return _removal(changed)
    if old is None or old.version[0] != new.version[0]:
        return complete_snapshot(new)
    parts: dict[str, Part | None] = {name: part for name, part in new.parts.items() if old.parts.get(name) is not part}
    parts.update((name, None) for name in old.parts.keys() - new.parts.keys())
    epoch, revision = new.version
    return Delta(
        environment_id=new.id,
        epoch=epoch,
        revision=revision,
        parent=old.version[1],
        published_at=new.published_at,
        parts=parts,
    )


def _removal(changed: Changed) -> Delta:
    epoch, revision = changed.version
    return Delta(
        environment_id=changed.environment_id,
        epoch=epoch,
        revision=revision,
        parent=None,
        published_at=datetime.now(UTC),
        parts={},
    )


def _end(lines: "asyncio.Queue[bytes | None]") -> None:
    while not lines.empty():
        lines.get_nowait()
    lines.put_nowait(None)
