"""Django beside the event loop: WSGI in a bounded pool of threads."""

import asyncio
from typing import Any, Final, cast

from a2wsgi import WSGIMiddleware

from burgee.edge.asgi import AsgiApp, Receive, Scope, Send
from burgee.serve import interpreter

_TOO_SLOW: Final = b'{"detail":"The request took too long to arrive."}'


def control_application(threads: int, seconds: float) -> AsgiApp:
    """The control plane as an ASGI application; requests wait in line for a thread once they have arrived."""
    from django.conf import settings

    from burgee.control.wsgi import application

    wsgi: Any = application
    inner = cast("AsgiApp", WSGIMiddleware(wsgi, workers=threads))
    return WholeRequests(inner, limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE, seconds=seconds)


class EarlyViews:
    """Imports the views of the control plane beside the first answers: else the first visitor would wait for them."""

    async def start(self) -> None:
        self._importing = asyncio.create_task(asyncio.to_thread(_import_views))

    async def close(self) -> None:
        await self._importing


def _import_views() -> None:
    from django.urls import get_resolver

    get_resolver().reverse_dict  # noqa: B018  # made of the whole URL configuration
    interpreter.keep()


class WholeRequests:
    """Reads each body on the event loop: a client that dawdles holds its connection, never one of the few threads.

    A body over `limit` is not read; its length alone goes on, so that it is refused where all others are.
    """

    def __init__(self, inner: AsgiApp, *, limit: int, seconds: float) -> None:
        self._inner = inner
        self._limit = limit
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        headers = [pair for pair in scope["headers"] if pair[0] != b"content-length"]
        try:
            async with asyncio.timeout(self._seconds):
                body, length = await self._read(dict(scope["headers"]).get(b"content-length", b""), receive)
        except TimeoutError:
            await _refuse(send)
            return
        except ConnectionError:
            return
        if length:
            headers.append((b"content-length", b"%d" % length))
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> dict[str, Any]:
            return waiting.pop() if waiting else await receive()

        await self._inner({**scope, "headers": headers}, replay, send)

    async def _read(self, announced: bytes, receive: Receive) -> tuple[bytes, int]:
        if announced.isdigit() and int(announced) > self._limit:
            return b"", int(announced)
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._limit:
                return b"", len(body)
        return bytes(body), len(body)


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(_TOO_SLOW)),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 408, "headers": headers})
    await send({"type": "http.response.body", "body": _TOO_SLOW, "more_body": False})
