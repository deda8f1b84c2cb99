"""Runs the data plane: uvicorn with the edge's protocol, or with plain ASGI."""

import functools
import socket
from collections.abc import Sequence
from typing import Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from burgee.edge.app import EdgeApp
from burgee.edge.outbox import Outbox
from burgee.edge.protocol import EdgeProtocol

BACKLOG: Final = 4096


class EdgeServer(uvicorn.Server):
    """`started` tells when it listens; set `should_exit` to end it gracefully."""

    @property
    def ports(self) -> list[int]:
        """The ports that it listens on, of use when 0 was asked for."""
        return [one.getsockname()[1] for server in self.servers for one in server.sockets]


def server(
    app: EdgeApp,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    short_way: bool = True,
    graceful_seconds: int = 10,
) -> EdgeServer:
    """A server that is not running yet: `await it.serve()`, or `it.run()` without a loop.

    With `short_way` off every request goes through ASGI; the answers are the same.
    """
    protocol = functools.partial(EdgeProtocol, app, Outbox()) if short_way else HttpToolsProtocol
    config = uvicorn.Config(
        app.asgi,
        host=host,
        port=port,
        http=protocol,  # type: ignore[arg-type]  # called like the class that it wraps
        ws="none",
        loop="auto",
        lifespan="on",
        interface="asgi3",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=True,
        backlog=BACKLOG,
        timeout_keep_alive=int(app.settings.keep_alive_seconds),
        timeout_graceful_shutdown=graceful_seconds,
    )
    return EdgeServer(config)


def run(app: EdgeApp, host: str, port: int, *, sockets: Sequence[socket.socket] | None = None) -> None:
    """Serve until SIGINT or SIGTERM, on `sockets` if given (shared by several workers)."""
    server(app, host=host, port=port).run(sockets=list(sockets) if sockets else None)
