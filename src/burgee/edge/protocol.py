"""uvicorn's HTTP protocol with a short way for the data plane: parsed bytes in, prepared bytes out.

A request takes the short way when its path is the data plane's and the connection owes no earlier
answer; every other one goes the ordinary way through ASGI, where uvicorn keeps the order. An answer
that must wait stands in uvicorn's place for the running request, so what follows it queues up.
"""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from burgee.edge.asgi import too_large
from burgee.edge.eager import begin
from burgee.edge.later import Later
from burgee.edge.outbox import Outbox
from burgee.edge.request import EdgeRequest, header_map
from burgee.edge.response import EdgeResponse, detail
from burgee.edge.routes import Route
from burgee.edge.stream import StreamResponse, TransportSubscriber
from burgee.edge.turn import Turn

if TYPE_CHECKING:
    from burgee.edge.app import EdgeApp

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_LINGER_SECONDS: Final = 2.0
"""How long a refused body may still arrive, so that its sender gets to read the refusal."""


class EdgeProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(
        self,
        edge: "EdgeApp",
        outbox: Outbox,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config=config, server_state=server_state, app_state=app_state, _loop=_loop)
        self._edge = edge
        self._outbox = outbox
        self._exact = edge.router.exact
        self._limit = edge.settings.body_limit
        self._route: Route | None = None
        self._names: tuple[str, ...] = ()
        self._path = b""
        self._query = b""
        self._body: list[bytes] = []
        self._size = 0
        self._receiving_since = 0.0
        self._idle_since = 0.0
        self._unread_since = 0.0
        self._deaf = False
        self._stream: TransportSubscriber | None = None
        self._watch: asyncio.TimerHandle | None = None

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        super().connection_made(transport)
        self._idle_since = self.loop.time()
        self._watch = self.loop.call_later(self._patience(), self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        if self._stream is not None:
            self._stream.leave()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        self._outbox.flush()
        if self._stream is not None:
            self._stream.end()
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        if not self._deaf:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        if self._owes_answer():
            # The answer to an earlier request is still to come and must be the next thing written.
            self._deaf = True
            self.cycle.keep_alive = False
        else:
            self._outbox.flush()
            super().send_400_response(msg)

    def pause_writing(self) -> None:
        self._unread_since = self.loop.time()
        self.flow.pause_reading()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._unread_since = 0.0
        super().resume_writing()
        if not self.pipeline:
            self.flow.resume_reading()

    # One request

    def on_message_begin(self) -> None:
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._route = None
        self._receiving_since = self.loop.time()

    def on_headers_complete(self) -> None:
        if self._deaf:
            return
        path, _, query = self.url.partition(b"?")
        route = self._exact.get(path)
        names: tuple[str, ...] = ()
        if route is None:
            found = self._edge.router.resolve(path)
            if found is not None:
                route, names = found
        if route is None or self._owes_answer() or self.flow.write_paused:
            self._take_ordinary_way()
            return
        self._route, self._names, self._path, self._query = route, names, path, query
        self._size = 0
        if self._body:
            self._body = []
        if self.expect_100_continue or len(self.headers) > 0:
            self._look_at_announced_body()

    def _owes_answer(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _take_ordinary_way(self) -> None:
        self._outbox.flush()
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()

    def _look_at_announced_body(self) -> None:
        for name, value in self.headers:
            if name == b"content-length" and (not value.isdigit() or int(value) > self._limit):
                self._refuse(too_large(self._limit))
                return
        if self.expect_100_continue:
            self._outbox.flush()
            self.transport.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        if self._deaf:
            return
        if self._route is None:
            super().on_body(body)
            return
        self._size += len(body)
        if self._size > self._limit:
            self._refuse(too_large(self._limit))
            return
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._receiving_since = 0.0
        if self._deaf:
            return
        route = self._route
        if route is None:
            super().on_message_complete()
            return
        self._route = None
        parser = self.parser
        method = parser.get_method()
        keep_alive = parser.should_keep_alive() and parser.get_http_version() == "1.1"
        body = b"".join(self._body) if self._size else b""
        request = EdgeRequest(method, self._path, self._query, header_map(self.headers), body, self._names)
        answer = self._edge.answer(route, request)
        if isinstance(answer, EdgeResponse):
            self._write(answer, bodiless=method == b"HEAD", keep_alive=keep_alive)
            self.server_state.total_requests += 1
        else:
            self._wait(answer, bodiless=method == b"HEAD", keep_alive=keep_alive)

    # Answers

    def _write(self, response: EdgeResponse, *, bodiless: bool, keep_alive: bool) -> None:
        stamp = self._edge.stamp.now()
        self._idle_since = self.loop.time()
        if keep_alive and not bodiless and not isinstance(response, StreamResponse):
            self._outbox.put(self.transport, response.wire(stamp))
            return
        self._outbox.flush()
        if bodiless:
            self.transport.write(response.head(stamp, closing=not keep_alive))
        elif isinstance(response, StreamResponse):
            self._open_stream(response, stamp)
            return
        else:
            self.transport.write(response.closing_wire(stamp))
        if not keep_alive:
            self._deaf = True
            self.transport.close()

    def _wait(self, answer: Later | Coroutine[Any, Any, EdgeResponse], *, bodiless: bool, keep_alive: bool) -> None:
        begun = answer if isinstance(answer, Later) else begin(answer)
        if isinstance(begun, EdgeResponse):
            self._write(begun, bodiless=bodiless, keep_alive=keep_alive)
            return
        turn = Turn(keep_alive=keep_alive)
        self.cycle = turn  # type: ignore[assignment]  # it has what uvicorn asks of a running request
        finish = partial(self._finish, turn, bodiless)
        if isinstance(begun, Later):
            begun.then(finish)
        else:
            begun.then(finish, self.tasks)

    def _finish(self, turn: Turn, bodiless: bool, response: EdgeResponse) -> None:  # noqa: FBT001  # a plain position is the cheapest
        turn.response_complete = True
        if turn.disconnected or self.transport.is_closing():
            return
        self._write(response, bodiless=bodiless, keep_alive=turn.keep_alive)
        self.on_response_complete()

    def on_response_complete(self) -> None:
        """What uvicorn does between requests, without a timer for each of them."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self._idle_since = self.loop.time()
        if not self.flow.write_paused:
            self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)

    def _open_stream(self, response: StreamResponse, stamp: bytes) -> None:
        self._deaf = True
        subscriber = TransportSubscriber(self.transport, response)
        self._stream = subscriber
        self.transport.write(
            b"".join((b"HTTP/1.1 200 OK\r\n", stamp, response.headers, b"transfer-encoding: chunked\r\n\r\n"))
        )
        subscriber.send(response.body)
        response.attach(subscriber)

    def _refuse(self, response: EdgeResponse) -> None:
        """Answer before the request is complete; the rest of it is read and thrown away for a moment."""
        self._deaf = True
        self._route = None
        self._outbox.flush()
        self.transport.write(response.closing_wire(self._edge.stamp.now()))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)

    # Time

    def _look(self) -> None:
        """Now and then: close what is idle, half-sent or left unread for too long."""
        settings = self._edge.settings
        now = self.loop.time()
        if self._unread_since and now - self._unread_since >= settings.stalled_reader_seconds:
            self.transport.abort()
            return
        delay = self._patience()
        if self._stream is None and not self._owes_answer():
            if self._receiving_since:
                delay = self._receiving_since + settings.request_seconds - now
                if delay <= 0:
                    self._refuse(detail(408, "The request took too long to arrive."))
                    return
            else:
                delay = min(delay, self._idle_since + settings.keep_alive_seconds - now)
                if delay <= 0:
                    self.transport.close()
                    return
        self._watch = self.loop.call_later(max(delay, 0.01), self._look)

    def _patience(self) -> float:
        settings = self._edge.settings
        return min(settings.keep_alive_seconds, settings.request_seconds, settings.stalled_reader_seconds)
