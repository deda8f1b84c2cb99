"""One daemon thread that runs blocking calls for an event loop, one after the other."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class CallThread:
    def __init__(self, name: str) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[R]":
        """Run `function` on the thread after all earlier calls; what it returns or raises is in the future."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()

        def run() -> None:
            try:
                result = function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001  # handed to whoever waits
                _report(loop, _fail, future, error)
            else:
                _report(loop, _resolve, future, result)

        self._calls.put(run)
        return future

    async def close(self) -> None:
        self._calls.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()


def _report(loop: asyncio.AbstractEventLoop, deliver: Callable[..., None], *args: Any) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(deliver, *args)


def _resolve(future: "asyncio.Future[R]", result: R) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[R]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
