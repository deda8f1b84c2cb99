"""An answer that has to wait, as something to call when it is there: no task, no future, no turn of the loop for it."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any

from burgee.edge.request import EdgeRequest
from burgee.edge.response import EdgeResponse

Finish = Callable[[EdgeResponse], None]


class Later:
    """Whoever wants the response calls `then` once, or awaits this."""

    __slots__ = ()

    def then(self, finish: Finish) -> None:
        """Begin, and call `finish` with the response, at once or later. Never raises."""
        raise NotImplementedError

    def through(self, change: Callable[[EdgeResponse], EdgeResponse]) -> "Later":
        """The same, as `change` returns it."""
        return _Changed(self, change)

    def __await__(self) -> Generator[Any, None, EdgeResponse]:
        future: asyncio.Future[EdgeResponse] = asyncio.get_running_loop().create_future()
        self.then(partial(_resolve, future))
        return future.__await__()


class _Changed(Later):
    __slots__ = ("_change", "_first")

    def __init__(self, first: Later, change: Callable[[EdgeResponse], EdgeResponse]) -> None:
        self._first = first
        self._change = change

    def then(self, finish: Finish) -> None:
        self._first.then(lambda response: finish(self._change(response)))


Answer = EdgeResponse | Later | Coroutine[Any, Any, EdgeResponse]
Handler = Callable[[EdgeRequest], Answer]


def _resolve(future: "asyncio.Future[EdgeResponse]", response: EdgeResponse) -> None:
    if not future.done():
        future.set_result(response)
