"""An upstream Burgee for edge nodes: the feed's and the traits' side of it behind a real HTTP server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import uvicorn

from burgee.edge import peer
from burgee.edge.feed.serving import FeedServer
from burgee.edge.identities.protocol import DurableTraitsStore
from burgee.edge.identities.upstream import handle_forwarded
from burgee.edge.store import Store
from tests.services.polling import until

TOKEN = "a token of the node"


class Upstream:
    """An ASGI application; `away` makes it answer 503 to everything."""

    def __init__(self, store: Store, traits: DurableTraitsStore | None) -> None:
        self.feed = FeedServer(store, heartbeat=0.05)
        self.away = False
        self._traits = traits

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.away or not peer.is_peer(dict(scope["headers"]).get(b"authorization"), TOKEN):
            await _answer(send, 503 if self.away else 401, b"")
        elif scope["path"] == peer.TRAITS_PATH and self._traits is not None:
            await _answer(send, 200, await handle_forwarded(self._traits, await _body(receive)))
        else:
            await self._feed(parse_qs(scope["query_string"].decode(), keep_blank_values=True), send)

    async def _feed(self, query: dict[str, list[str]], send: Any) -> None:
        if "heads" in query:
            await _answer(send, 200, self.feed.heads())
        elif "environment" in query:
            body = self.feed.snapshot(int(query["environment"][0]))
            await _answer(send, 404 if body is None else 200, body or b"")
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            async for line in self.feed.stream():
                await send({"type": "http.response.body", "body": line, "more_body": True})
            await send({"type": "http.response.body"})


@contextlib.asynccontextmanager
async def serving(app: Upstream) -> AsyncIterator[str]:
    """The address while it serves."""
    config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        app.feed.close()
        server.should_exit = True
        await task


async def _body(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def _answer(send: Any, status: int, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": body})
