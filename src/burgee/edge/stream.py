"""Server-sent events: who listens to which environment, and telling them at once."""

import asyncio
import random
import time
from collections.abc import Iterable, Iterator
from typing import Final, Literal, Protocol

from burgee.edge.environment import Version
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
_LIVE_SECONDS: Final = 900.0
_AT_ONCE: Final = 500
"""Heartbeats written before the loop may do something else."""


class Subscriber(Protocol):
    """The far end of one stream."""

    def send(self, data: bytes) -> None: ...

    def end(self) -> None: ...


Channel = tuple[Literal["sdk", "live"], int]
"""What can be listened to: an environment as SDKs hear of it, or as the dashboard does."""


class StreamResponse(EdgeResponse):
    """An answer without an end: the server writes its body, then whatever the subscription brings."""

    __slots__ = ("channels", "seconds", "streams")

    def __init__(
        self, streams: "Streams", channels: tuple[Channel, ...], first: bytes, *, seconds: float | None = None
    ) -> None:
        """`seconds` is how long it may last."""
        super().__init__(200, _HEADERS, first)
        self.streams = streams
        self.channels = channels
        self.seconds = seconds

    def attach(self, subscriber: Subscriber) -> None:
        self.streams.attach(self, subscriber)

    def detach(self, subscriber: Subscriber) -> None:
        self.streams.detach(self, subscriber)


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
        self._response.detach(self)


class Streams:
    """All open streams of this process; used on the loop only, but for `changed`."""

    def __init__(self, settings: EdgeSettings) -> None:
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._channels: dict[Channel, set[Subscriber]] = {}
        self._everyone: set[Subscriber] = set()
        self._newest: dict[int, tuple[Version, float]] = {}
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
        for subscriber in tuple(self._everyone):
            subscriber.end()

    @property
    def count(self) -> int:
        return len(self._everyone)

    def open(self, request: EdgeRequest, view: View) -> EdgeResponse:
        """A new stream, or 503 when too many come or stay."""
        if not self._admits():
            return _too_many()
        # With the version, so that who comes back is told what was missed, whether or not there was an event before.
        first = _retry(view.version)
        missed = request.headers.get(b"last-event-id")
        if missed is not None and missed != view.version.encode():
            first += event(view.version, view.environment.updated_at)
        return StreamResponse(self, (("sdk", view.environment_id),), first)

    def open_live(self, environments: Iterable[int]) -> EdgeResponse:
        """A stream about several environments for a person; it ends after a while, so that rights are asked again."""
        if not self._admits():
            return _too_many()
        channels: tuple[Channel, ...] = tuple(("live", id_) for id_ in environments)
        first = _retry() + self._position(id_ for _, id_ in channels)
        return StreamResponse(self, channels, first, seconds=_LIVE_SECONDS)

    def _position(self, environments: Iterable[int]) -> bytes:
        """Where each environment stands and for how long, so that nobody misses what changed before they listened.

        A duration, because the clocks of two machines differ; never too long, so that at worst one reads once more.
        """
        now = time.monotonic()
        places = {}
        for id_ in environments:
            if id_ in self._newest:
                (epoch, revision), since = self._newest[id_]
                places[id_] = {"epoch": epoch, "revision": revision, "age_ms": int((now - since) * 1_000)}
        return f"event: position\ndata: {sdk.encode(places).decode()}\n\n".encode()

    def _admits(self) -> bool:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._admitted = second, 0
        self._admitted += 1
        admitted = self._admitted <= self._settings.stream_admissions_per_second
        return admitted and self.count < self._settings.stream_connections

    def attach(self, response: StreamResponse, subscriber: Subscriber) -> None:
        self._everyone.add(subscriber)
        for channel in response.channels:
            self._channels.setdefault(channel, set()).add(subscriber)
        if response.seconds is not None and self._loop is not None:
            self._loop.call_later(response.seconds, self._end, subscriber)

    def detach(self, response: StreamResponse, subscriber: Subscriber) -> None:
        self._everyone.discard(subscriber)
        for channel in response.channels:
            group = self._channels.get(channel)
            if group is not None:
                group.discard(subscriber)
                if not group:
                    del self._channels[channel]

    def _end(self, subscriber: Subscriber) -> None:
        if subscriber in self._everyone:
            subscriber.end()

    def changed(self, change: Changed) -> None:
        """A listener of the store: may be called from any thread."""
        self._newest[change.environment_id] = (change.version, time.monotonic())
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(self._tell, change)
        except RuntimeError:  # the loop closed between the two lines
            return

    def _tell(self, change: Changed) -> None:
        self._send(("live", change.environment_id), live_event(change))
        if change.environment is None:
            for subscriber in tuple(self._channels.get(("sdk", change.environment_id), ())):
                subscriber.end()
            return
        epoch, revision = change.version
        self.tell(change.environment_id, event(f"{epoch}.{revision}", change.environment.updated_at))

    def tell(self, environment_id: int, data: bytes) -> None:
        self._send(("sdk", environment_id), data)

    def _send(self, channel: Channel, data: bytes) -> None:
        for subscriber in tuple(self._channels.get(channel, ())):
            subscriber.send(data)

    def _beat(self, rest: Iterator[Subscriber] | None) -> None:
        if self._loop is None:
            return
        if rest is None:
            rest = iter(tuple(self._everyone))
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


def live_event(change: Changed) -> bytes:
    epoch, revision = change.version
    data = sdk.encode({"environment": change.environment_id, "epoch": epoch, "revision": revision}).decode()
    return f"event: environment_updated\nid: {epoch}.{revision}\ndata: {data}\n\n".encode()


def _retry(version: str | None = None) -> bytes:
    known = f"id: {version}\n" if version is not None else ""
    return f"retry: {random.randint(1_000, 5_000)}\n{known}\n".encode()  # noqa: S311  # spreads load, hides nothing


def _too_many() -> EdgeResponse:
    # Another moment for each, so that they do not come back together.
    wait = random.randint(1, 10)  # noqa: S311  # spreads load, hides nothing
    return detail(503, "Too many streams at the moment.", headers=b"retry-after: %d\r\n" % wait)
