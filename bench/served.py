"""The server that the route rows measure: the real data plane over a synthetic snapshot, and bare answers beside it.

Run as a process of its own: ``python -m bench.served '{"flags": 50, "segments": 20, ...}'``. It prints its port.
Nothing here is part of the product; ``/bare/<size>`` exists in this composition only.
"""

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from bench.workloads import ENVIRONMENT_ID, STORED_IDENTITIES, Workload, delta, traits
from burgee.edge.app import EdgeApp, build
from burgee.edge.identities.durable import DurableTraits
from burgee.edge.identities.journal import Journal
from burgee.edge.identities.postgresql import PostgresqlTraits
from burgee.edge.identities.protocol import TraitPatch, TraitsStore
from burgee.edge.identities.sqlite import SqliteTraits
from burgee.edge.request import EdgeRequest
from burgee.edge.response import JSON, EdgeResponse, PreparedResponse
from burgee.edge.routes import PlainRoute
from burgee.edge.server import server
from burgee.edge.settings import EdgeSettings
from burgee.edge.store import Store
from burgee.edge.usage.counters import UsageCounters
from burgee.edge.usage.postgresql import PostgresqlUsage
from burgee.edge.usage.sqlite import SqliteUsage
from burgee.serve import interpreter

BARE: Final = "/bare/"
_NEVER: Final = 2**62
_AT_ONCE: Final = 500


class ServedConfig(Struct, frozen=True, kw_only=True):
    flags: int
    segments: int
    folder: str
    sqlite: str | None = None
    postgresql: str | None = None


def stored_identifier(number: int) -> str:
    return f"person-{number:010d}"


class BareAnswers:
    """What is behind the data plane: asking for ``/bare/<size>`` once makes it a route of that many constant bytes."""

    def __init__(self) -> None:
        self.app: EdgeApp | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG002  # ASGI
        path = scope["path"]
        status = 404
        if self.app is not None and path.startswith(BARE):
            self.app.router.exact[path.encode()] = bare_route(int(path.removeprefix(BARE)))
            status = 204
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def bare_route(size: int) -> PlainRoute:
    answer = PreparedResponse(
        JSON + b"allow: GET, HEAD, OPTIONS\r\n", b'"' + b"x" * (size - 2) + b'"', gzip_from=_NEVER
    )

    def constant(request: EdgeRequest) -> EdgeResponse:  # noqa: ARG001  # a handler
        return answer

    return PlainRoute({b"GET": constant, b"POST": constant})


async def serve(config: ServedConfig) -> None:
    store, behind = Store(), BareAnswers()
    store.accept(delta(Workload(config.flags, config.segments)))
    traits_store, usage = _stores(config)
    people = DurableTraits(
        traits_store, Journal(Path(config.folder) / "journal"), local_reads=config.postgresql is None
    )
    app = build(EdgeSettings(), store, people, usage, behind)
    behind.app = app
    await people.start()
    await usage.start()
    await _store_identities(people)
    interpreter.tune()
    running = server(app, port=0, graceful_seconds=1)
    serving = asyncio.create_task(running.serve())
    while not running.started:  # noqa: ASYNC110  # uvicorn has nothing to wait for
        await asyncio.sleep(0.005)
    print(running.ports[0], flush=True)
    await serving
    await usage.close()
    await people.close()


def _stores(config: ServedConfig) -> tuple[TraitsStore, UsageCounters]:
    if config.postgresql is not None:
        return PostgresqlTraits(config.postgresql), UsageCounters(PostgresqlUsage(config.postgresql))
    path = Path(config.sqlite or "")
    lock = threading.Lock()
    return SqliteTraits(path, gate=lock), UsageCounters(SqliteUsage(path, gate=lock))


async def _store_identities(people: DurableTraits) -> None:
    for start in range(0, STORED_IDENTITIES, _AT_ONCE):
        await people.apply_many(
            [
                TraitPatch(
                    environment_id=ENVIRONMENT_ID, identifier=stored_identifier(number), set=dict(traits(number))
                )
                for number in range(start, min(start + _AT_ONCE, STORED_IDENTITIES))
            ]
        )


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(msgspec.json.decode(sys.argv[1], type=ServedConfig)))
