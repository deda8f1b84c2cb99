"""What this process serves to edge nodes elsewhere: its snapshots, and a place to send trait patches to."""

from typing import Final
from urllib.parse import parse_qs

import msgspec

from burgee.edge.asgi import AsgiApp, Receive, Scope, Send
from burgee.edge.feed.serving import FeedServer
from burgee.edge.identities.protocol import DurableTraitsStore
from burgee.edge.identities.upstream import handle_forwarded
from burgee.edge.peer import FEED_PATH, TRAITS_PATH, is_peer
from burgee.edge.store import Store

LARGEST_BODY: Final = 64 * 2**20


class Peers:
    """An ASGI application before `inner`; the paths of nodes answer only those who have the token."""

    def __init__(self, store: Store, traits: DurableTraitsStore, token: str, inner: AsgiApp | None) -> None:
        self._store = store
        self._traits = traits
        self._token = token
        self._inner = inner
        self._feed: FeedServer | None = None

    async def start(self) -> None:
        self._feed = FeedServer(self._store)

    async def close(self) -> None:
        if self._feed is not None:
            self._feed.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path not in {FEED_PATH, TRAITS_PATH}:
            await (self._inner or _not_found)(scope, receive, send)
        elif not is_peer(dict(scope["headers"]).get(b"authorization"), self._token):
            await _answer(send, 403, b'{"detail":"This path is for nodes of this installation."}')
        elif path == TRAITS_PATH:
            await self._take_patches(receive, send)
        else:
            await self._show_snapshots(parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True), send)

    async def _take_patches(self, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        try:
            answer = await handle_forwarded(self._traits, body)
        except msgspec.DecodeError:
            await _answer(send, 400, b'{"detail":"This is no batch of patches."}')
        else:
            await _answer(send, 200, answer)

    async def _show_snapshots(self, query: dict[str, list[str]], send: Send) -> None:
        feed = self._feed
        if feed is None:
            await _answer(send, 503, b'{"detail":"Not started yet."}')
        elif "heads" in query:
            await _answer(send, 200, feed.heads())
        elif "environment" in query:
            name = query["environment"][-1]
            snapshot = feed.snapshot(int(name)) if name.isdecimal() else None
            await (_not_found(None, None, send) if snapshot is None else _answer(send, 200, snapshot))
        else:
            await _stream(feed, send)


async def _stream(feed: FeedServer, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/x-ndjson")]})
    async for line in feed.stream():
        await send({"type": "http.response.body", "body": line, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _read(receive: Receive) -> bytes:
    """The body; what is larger than any node sends counts as none."""
    body = bytearray()
    more = True
    while more and len(body) <= LARGEST_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return b"" if more else bytes(body)


async def _not_found(_scope: object, _receive: object, send: Send) -> None:
    await _answer(send, 404, b'{"detail":"Not found."}')


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
