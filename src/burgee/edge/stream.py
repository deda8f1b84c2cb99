"""Server-sent events: who listens to which environment, and telling them at once."""

import asyncio
import random
import time
from collections.abc import Iterator
from typing import Final, Protocol

from burgee.edge.request import EdgeRequest
from burgee.edge.response import EdgeResponse, detail
from burgee.edge.settings import EdgeSettings
from burgee.edge.store import Changed
from burgee.edge.view import View
from burgee.wire import sdk

_HEADERS: Final = b"content-type: text/event-stream\r\nx-accel-buffering: no\r\n"
_HEARTBEAT: Final = b": \n\n"
_UNREAD_AT_MOST: Final = 65_536
"""Bytes that a slow reader may leave unread before its connection ends."""
_AT_ONCE: Final = 500
"""Heartbeats written before the loop may do something else."""


class Subscriber(Protocol):
    """The far end of one stream."""

    def send(self, data: bytes) -> None: ...

    def end(self) -> None: ...


class StreamResponse(EdgeResponse):
    """An answer without an end: the server writes its body, then whatever the subscription brings."""

    __slots__ = ("environment_id", "streams")

    def __init__(self, streams: "Streams", environment_id: int, first: bytes) -> None:
        super().__init__(200, _HEADERS, first)
        self.streams = streams
        self.environment_id = environment_id


class TransportSubscriber:
    """A stream written straight to its connection."""

    __slots__ = ("_response", "_transport")

    def __init__(self, transport: asyncio.Transport, response: StreamResponse) -> None:
        self._transport = transport
        self._response = response

    def send(self, data: bytes) -> None:
        if self._transport.get_write_buffer_size() > _UNREAD_AT_MOST:
            self._transport.abort()
            return
        self._transport.write(b"%x\r\n%s\r\n" % (len(data), data))

    def end(self) -> None:
        self._transport.write(b"0\r\n\r\n")
        self._transport.close()

    def leave(self) -> None:
        self._response.streams.detach(self._response.environment_id, self)


class Streams:
    """All open streams of this process; used on the loop only, but for `changed`."""

    def __init__(self, settings: EdgeSettings) -> None:
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._subscribers: dict[int, set[Subscriber]] = {}
        self._count = 0
        self._admitted = 0
        self._second = 0
        self._heartbeat: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._heartbeat = loop.call_later(self._settings.stream_heartbeat_seconds, self._beat, None)

    def stop(self) -> None:
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        self._loop = None
        for subscriber in [one for group in self._subscribers.values() for one in group]:
            subscriber.end()

    @property
    def count(self) -> int:
        return self._count

    def open(self, request: EdgeRequest, view: View) -> EdgeResponse:
        """A new stream, or 503 when too many come or stay."""
        if not self._admits():
            # Another moment for each, so that they do not come back together.
            wait = random.randint(1, 10)  # noqa: S311  # spreads load, hides nothing
            return detail(503, "Too many streams at the moment.", headers=b"retry-after: %d\r\n" % wait)
        first = b"retry: %d\n\n" % random.randint(1_000, 5_000)  # noqa: S311  # spreads load, hides nothing
        missed = request.headers.get(b"last-event-id")
        if missed is not None and missed != view.version.encode():
            first += event(view.version, view.environment.updated_at)
        return StreamResponse(self, view.environment_id, first)

    def _admits(self) -> bool:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._admitted = second, 0
        self._admitted += 1
        admitted = self._admitted <= self._settings.stream_admissions_per_second
        return admitted and self._count < self._settings.stream_connections

    def attach(self, environment_id: int, subscriber: Subscriber) -> None:
        self._subscribers.setdefault(environment_id, set()).add(subscriber)
        self._count += 1

    def detach(self, environment_id: int, subscriber: Subscriber) -> None:
        group = self._subscribers.get(environment_id)
        if group is None or subscriber not in group:
            return
        group.discard(subscriber)
        self._count -= 1
        if not group:
            del self._subscribers[environment_id]

    def changed(self, change: Changed) -> None:
        """A listener of the store: may be called from any thread."""
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(self._tell, change)
        except RuntimeError:  # the loop closed between the two lines
            return

    def _tell(self, change: Changed) -> None:
        if change.environment is None:
            for subscriber in tuple(self._subscribers.get(change.environment_id, ())):
                subscriber.end()
            return
        epoch, revision = change.version
        self.tell(change.environment_id, event(f"{epoch}.{revision}", change.environment.updated_at))

    def tell(self, environment_id: int, data: bytes) -> None:
        for subscriber in tuple(self._subscribers.get(environment_id, ())):
            subscriber.send(data)

    def _beat(self, rest: Iterator[Subscriber] | None) -> None:
        if self._loop is None:
            return
        if rest is None:
            rest = iter([one for group in self._subscribers.values() for one in group])
        for _ in range(_AT_ONCE):
            subscriber = next(rest, None)
            if subscriber is None:
                delay = self._settings.stream_heartbeat_seconds
                self._heartbeat = self._loop.call_later(delay, self._beat, None)
                return
            subscriber.send(_HEARTBEAT)
        self._heartbeat = self._loop.call_later(0, self._beat, rest)


def event(version: str, updated_at: float) -> bytes:
    data = sdk.encode({"updated_at": updated_at}).decode()
    return f"event: environment_updated\nid: {version}\ndata: {data}\n\n".encode()
