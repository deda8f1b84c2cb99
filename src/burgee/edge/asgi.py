"""The data plane as an ASGI application: the same handlers, for any server, and the door to the control plane."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from burgee.edge.request import EdgeRequest, header_map
from burgee.edge.response import EdgeResponse, detail
from burgee.edge.routes import Route
from burgee.edge.stream import StreamResponse

if TYPE_CHECKING:
    from burgee.edge.app import EdgeApp

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_NOT_FOUND: Final = detail(404, "Not found.")
_STREAM_BACKLOG: Final = 100
"""Events that a slow reader may leave unread before its stream ends."""


class BodyTooLarge(Exception):  # an outcome of reading
    """More bytes came, or were announced, than the limit allows."""


def too_large(limit: int) -> EdgeResponse:
    """The refusal of a body over the limit, which it names."""
    return detail(413, f"The request body may have at most {limit} bytes.")


class Asgi:
    """Answers the data plane's paths, hands others to `fallback`, and starts and stops the streams."""

    def __init__(self, app: "EdgeApp", fallback: AsgiApp | None) -> None:
        self._app = app
        self._fallback = fallback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        path: bytes = scope.get("raw_path") or scope["path"].encode()
        found = self._app.router.resolve(path)
        if found is not None:
            route, names = found
            request = EdgeRequest(
                scope["method"].encode(), path, scope["query_string"], header_map(scope["headers"]), b"", names
            )
            await self._answer(route, request, receive, send)
        elif self._fallback is not None:
            await self._fallback(scope, receive, send)
        else:
            await self._send(send, _NOT_FOUND, bodiless=scope["method"] == "HEAD")

    async def _answer(self, route: Route, request: EdgeRequest, receive: Receive, send: Send) -> None:
        limit = self._app.settings.body_limit
        try:
            request.body = await _read_body(request.headers, receive, limit)
        except BodyTooLarge:
            await self._send(send, too_large(limit).with_headers(b"connection: close\r\n"))
            return
        except ConnectionError:
            return
        answer = self._app.answer(route, request)
        response = answer if isinstance(answer, EdgeResponse) else await answer
        if isinstance(response, StreamResponse) and request.method == b"GET":
            await self._stream(response, receive, send)
        else:
            await self._send(send, response, bodiless=request.method == b"HEAD")

    async def _send(self, send: Send, response: EdgeResponse, *, bodiless: bool = False) -> None:
        headers = self._headers(response)
        if response.has_length:
            headers.append((b"content-length", b"%d" % response.size))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        body = b"" if bodiless else response.body
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _headers(self, response: EdgeResponse) -> list[tuple[bytes, bytes]]:
        # ASGI servers write the date themselves.
        return list(_pairs(self._app.stamp.constant + response.headers))

    async def _stream(self, response: StreamResponse, receive: Receive, send: Send) -> None:
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(_STREAM_BACKLOG)
        subscriber = _QueueSubscriber(queue)
        response.attach(subscriber)
        watch = asyncio.ensure_future(_until_disconnect(receive, subscriber))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self._headers(response)})
            data: bytes | None = response.body
            while data is not None:
                await send({"type": "http.response.body", "body": data, "more_body": True})
                data = await queue.get()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            watch.cancel()
            response.detach(subscriber)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._app.streams.start(asyncio.get_running_loop())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self._app.streams.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


class _QueueSubscriber:
    """A stream behind ASGI; one that reads too slowly is ended, not waited for."""

    def __init__(self, queue: "asyncio.Queue[bytes | None]") -> None:
        self._queue = queue

    def send(self, data: bytes) -> None:
        try:
            self._queue.put_nowait(data)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        while self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(None)


async def _until_disconnect(receive: Receive, subscriber: _QueueSubscriber) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.end()


async def _read_body(headers: dict[bytes, bytes], receive: Receive, limit: int) -> bytes:
    announced = headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > limit:
        raise BodyTooLarge
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _pairs(lines: bytes) -> Iterator[tuple[bytes, bytes]]:
    for line in lines.split(b"\r\n"):
        if line:
            name, _, value = line.partition(b": ")
            yield name, value
