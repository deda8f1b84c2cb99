"""A real server on a port of its own, with a small traits store of its own kind."""

import asyncio
import threading
from collections.abc import Awaitable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import uvloop

from burgee.edge.app import EdgeApp, build
from burgee.edge.identities.protocol import (
    Applied,
    IdentityRefused,
    IdentityRow,
    StoreUnavailable,
    Tell,
    TraitError,
    TraitNotInteger,
    TraitPatch,
)
from burgee.edge.server import server
from burgee.edge.settings import EdgeSettings
from burgee.edge.store import Store
from tests.edge.parts import CLIENT_KEY, SERVER_KEY


class TraitsInMemory:
    """The traits protocol over a dict; the SQL ones are tested beside their own code."""

    def __init__(self) -> None:
        self.rows: dict[tuple[int, str], IdentityRow] = {}
        self.numbers: dict[str, int] = {}
        self.away = False
        self.journal: list[TraitPatch] | None = None
        self.gate: asyncio.Event | None = None
        self.refuses_new = False
        self.telling: set[asyncio.Task[None]] = set()

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def read(self, environment_id: int, identifier: str) -> IdentityRow | None:
        if self.away:
            raise StoreUnavailable("away")
        return self.rows.get((environment_id, identifier))

    def find(self, environment_id: int, identifier: str) -> Awaitable[IdentityRow | None]:
        return self.read(environment_id, identifier)

    async def apply(self, patch: TraitPatch) -> Applied:
        if self.gate is not None:
            await self.gate.wait()
        if self.away:
            if self.journal is None:
                raise StoreUnavailable("away", retry_after=7)
            self.journal.append(patch)
            return Applied(
                row=IdentityRow(id=0, identifier=patch.identifier, traits=dict(patch.set), numbers={}), degraded=True
            )
        return Applied(row=self._merge(patch))

    def submit(self, patch: TraitPatch, tell: Tell[Applied]) -> None:
        task = asyncio.get_running_loop().create_task(self._tell(patch, tell))
        self.telling.add(task)
        task.add_done_callback(self.telling.discard)

    async def _tell(self, patch: TraitPatch, tell: Tell[Applied]) -> None:
        try:
            outcome: Applied | TraitError = await self.apply(patch)
        except TraitError as error:
            outcome = error
        tell(outcome)

    async def apply_many(self, patches: Sequence[TraitPatch]) -> list[Applied | TraitError]:
        outcomes: list[Applied | TraitError] = []
        for patch in patches:
            try:
                outcomes.append(await self.apply(patch))
            except TraitError as error:
                outcomes.append(error)
        return outcomes

    def _merge(self, patch: TraitPatch) -> IdentityRow:
        key = (patch.environment_id, patch.identifier)
        old = self.rows.get(key)
        if old is None and self.refuses_new and patch.origin == "client":
            raise IdentityRefused("too many")
        traits = {} if old is None else {k: v for k, v in old.traits.items() if k not in patch.delete}
        traits |= patch.set
        for name, by in patch.increment.items():
            before = traits.get(name, 0)
            if type(before) is not int:
                raise TraitNotInteger(name)
            traits[name] = before + by
        for name in traits:
            self.numbers.setdefault(name, len(self.numbers) + 1)
        row = IdentityRow(
            id=len(self.rows) + 1 if old is None else old.id,
            identifier=patch.identifier,
            traits=traits,
            numbers=self.numbers,
            created=old is None,
            legacy_hash_id=None if old is None else old.legacy_hash_id,
        )
        self.rows[key] = row
        return row


@dataclass
class CountedUsage:
    requests: list[tuple[int, str, str]] = field(default_factory=list)
    evaluated: list[tuple] = field(default_factory=list)
    server_keys: list[str] = field(default_factory=list)
    told_flags: list = field(default_factory=list)

    def request(self, environment_id: int, resource: str, client: str) -> None:
        self.requests.append((environment_id, resource, client))

    def evaluations(self, environment_id, counts, client, source) -> None:
        self.evaluated += [(environment_id, *count, client, source) for count in counts]

    def told(self, answer) -> None:
        self.told_flags += [(answer.environment_id, flag) for flag in answer.counted]

    def server_key(self, digest: str) -> None:
        self.server_keys.append(digest)


@dataclass
class Edge:
    """A running data plane."""

    app: EdgeApp
    store: Store
    traits: TraitsInMemory
    usage: CountedUsage
    port: int
    loop: asyncio.AbstractEventLoop
    client: httpx.Client

    def get(self, path: str, *, key: str = CLIENT_KEY, headers: dict | None = None, **kwargs) -> httpx.Response:
        return self.client.get(path, headers={"x-environment-key": key, **(headers or {})}, **kwargs)

    def post(self, path: str, *, key: str = CLIENT_KEY, headers: dict | None = None, **kwargs) -> httpx.Response:
        return self.client.post(path, headers={"x-environment-key": key, **(headers or {})}, **kwargs)

    def put(self, path: str, *, key: str = CLIENT_KEY, **kwargs) -> httpx.Response:
        return self.client.put(path, headers={"x-environment-key": key}, **kwargs)

    def server_get(self, path: str, **kwargs) -> httpx.Response:
        return self.get(path, key=SERVER_KEY, **kwargs)


async def django_stands_here(scope, receive, send) -> None:
    """What stands behind the data plane in these tests: says which request reached it."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    text = f"{scope['method']} {scope['path']} {len(body)}".encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(text))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text})


@contextmanager
def serving(*deltas, short_way: bool = True, settings: EdgeSettings | None = None, **more) -> Iterator[Edge]:
    store, traits, usage = Store(), TraitsInMemory(), CountedUsage()
    app = build(settings or EdgeSettings(), store, traits, usage, django_stands_here, **more)
    for delta in deltas:
        store.accept(delta)
    with (
        listening(app, short_way=short_way) as (port, loop),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client,
    ):
        yield Edge(app, store, traits, usage, port, loop, client)


@contextmanager
def listening(app: EdgeApp, *, short_way: bool = True) -> Iterator[tuple[int, asyncio.AbstractEventLoop]]:
    """The server in a thread of its own; it ends at once, where `serve` would take leave of its clients."""
    running = server(app, port=0, short_way=short_way)
    started: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def main() -> None:
        try:
            running.config.load()
            running.lifespan = running.config.lifespan_class(running.config)
            await running.startup()
            stop = asyncio.Event()
            started.set_result((running.ports[0], asyncio.get_running_loop(), stop))
        except BaseException as error:
            started.set_exception(error)
            raise
        await stop.wait()
        for one in running.servers:
            one.close()
        for connection in tuple(running.server_state.connections):
            connection.transport.abort()
        await running.lifespan.shutdown()

    thread = threading.Thread(target=lambda: uvloop.run(main()), daemon=True)
    thread.start()
    port, loop, stop = started.result(10)
    try:
        yield port, loop
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
