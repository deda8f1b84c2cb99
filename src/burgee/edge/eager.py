"""Begins a coroutine at once: one that need not wait costs no task and no turn of the loop."""

import types
from collections.abc import Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")


def begin(coroutine: Coroutine[Any, Any, T]) -> tuple[T, None] | tuple[None, Coroutine[Any, Any, T]]:
    """The result, or the rest to be run as a task.

    The first step runs outside any task: it may wait for futures, but not use what asks for the
    current task (`asyncio.timeout`, anyio) before it has waited once.
    """
    try:
        waiting = coroutine.send(None)
    except StopIteration as done:
        return done.value, None
    return None, _rest(coroutine, waiting)


async def _rest(coroutine: Coroutine[Any, Any, T], waiting: Any) -> T:
    return await _resume(coroutine, waiting)


@types.coroutine
def _resume(coroutine: Coroutine[Any, Any, T], waiting: Any) -> Generator[Any, Any, T]:
    while True:
        try:
            sent = yield waiting
        except GeneratorExit:
            coroutine.close()
            raise
        except BaseException as error:  # noqa: BLE001  # handed on to the coroutine, as `await` does
            step = coroutine.throw
            argument: Any = error
        else:
            step = coroutine.send
            argument = sent
        try:
            waiting = step(argument)
        except StopIteration as done:
            result: T = done.value
            return result
