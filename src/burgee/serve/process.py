"""One server process: starts its parts, serves until a signal, closes the parts in the opposite order."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Protocol

import uvicorn

from burgee.serve import interpreter

log = logging.getLogger(__name__)

CLOSE_SECONDS = 5.0
"""What one part may take to close; a part that hangs must not keep the others from writing what they hold."""


class Part(Protocol):
    """Something that lives as long as the server: a feed, a store, a thread."""

    async def start(self) -> None: ...

    async def close(self) -> None: ...


class Process:
    """``announce`` is called once the socket takes requests."""

    def __init__(self, server: uvicorn.Server, parts: Sequence[Part], announce: Callable[[], None]) -> None:
        self._server = server
        self._parts = parts
        self._announce = announce

    def run(self, sockets: list[socket.socket]) -> int:
        """0 after SIGTERM or SIGINT, once everything in flight is finished and everything held is written."""
        for number in (signal.SIGTERM, signal.SIGINT):
            # uvicorn takes these over while it serves, and raises them once more when it is done.
            signal.signal(number, self._asked)
        with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as runner:
            runner.run(self._serve(sockets))
        return 0

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        self._server.should_exit = True

    async def _serve(self, sockets: list[socket.socket]) -> None:
        started: list[Part] = []
        try:
            for part in self._parts:
                await part.start()
                started.append(part)
            interpreter.tune()
            await self._answer(sockets)
        finally:
            for part in reversed(started):
                await _close(part)

    async def _answer(self, sockets: list[socket.socket]) -> None:
        if self._server.should_exit:
            return
        watching = asyncio.create_task(self._watch())
        try:
            await self._server.serve(sockets)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    async def _watch(self) -> None:
        while not self._server.started:  # noqa: ASYNC110  # a flag is all that uvicorn gives
            await asyncio.sleep(0.01)
        self._announce()


async def _close(part: Part) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await part.close()
    except Exception:
        log.exception("a part of the server did not close", extra={"part": type(part).__name__})
