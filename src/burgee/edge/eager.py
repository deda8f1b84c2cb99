"""Begins a coroutine at once: one that need not wait costs no task and no turn of the loop."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Rest(Generic[T]):
    """A coroutine that has begun to wait; await it in a task, or say what to do `then`."""

    __slots__ = ("_coroutine", "_waiting")

    def __init__(self, coroutine: Coroutine[Any, Any, T], waiting: Any) -> None:
        self._coroutine = coroutine
        self._waiting = waiting

    def then(self, finish: Callable[[T], None], tasks: set[asyncio.Task[None]]) -> None:
        """Call `finish` with the result of a coroutine that does not raise.

        While it waits for futures it needs no task of its own, which would cost as much as the waiting; for anything
        else it gets one, which is in `tasks` until it ends.
        """
        waiting = self._waiting
        if not isinstance(waiting, asyncio.Future):
            task = asyncio.get_running_loop().create_task(self._in_task(finish))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            return
        # As a task does, to tell that what waits for the future knows how.
        waiting._asyncio_future_blocking = False  # noqa: SLF001  # the protocol of awaiting futures
        waiting.add_done_callback(partial(self._resume, finish, tasks))

    def _resume(self, finish: Callable[[T], None], tasks: set[asyncio.Task[None]], _: "asyncio.Future[Any]", /) -> None:
        try:
            self._waiting = self._coroutine.send(None)
        except StopIteration as done:
            finish(done.value)
        else:
            self.then(finish, tasks)

    async def _in_task(self, finish: Callable[[T], None]) -> None:
        finish(await self)

    def __await__(self) -> Generator[Any, Any, T]:
        coroutine, waiting = self._coroutine, self._waiting
        while True:
            error: BaseException | None = None
            sent = None
            try:
                sent = yield waiting
            except GeneratorExit:
                coroutine.close()
                raise
            except BaseException as thrown:  # noqa: BLE001  # handed on to the coroutine, as `await` does
                error = thrown
            try:
                waiting = coroutine.send(sent) if error is None else coroutine.throw(error)
            except StopIteration as done:
                result: T = done.value
                return result


def begin(coroutine: Coroutine[Any, Any, T]) -> T | Rest[T]:
    """The result, or the rest to be run as a task.

    The first step runs outside any task: it may wait for futures, but not use what asks for the
    current task (`asyncio.timeout`, anyio) before it has waited for something else, such as `asyncio.sleep(0)`.
    """
    try:
        waiting = coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    return Rest(coroutine, waiting)
