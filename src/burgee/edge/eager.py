"""Begins a coroutine at once: one that need not wait costs no task and no turn of the loop."""

from collections.abc import Coroutine, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Rest(Generic[T]):
    """A coroutine that has begun to wait; await it in a task."""

    __slots__ = ("_coroutine", "_waiting")

    def __init__(self, coroutine: Coroutine[Any, Any, T], waiting: Any) -> None:
        self._coroutine = coroutine
        self._waiting = waiting

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
    current task (`asyncio.timeout`, anyio) before it has waited once.
    """
    try:
        waiting = coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    return Rest(coroutine, waiting)
