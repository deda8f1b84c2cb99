"""Ending a background task for certain."""

import asyncio
from typing import Any, Final

_AGAIN_SECONDS: Final = 0.2


async def end(task: "asyncio.Task[Any]") -> None:
    """Cancel the task and wait until it is over.

    `asyncio.wait_for` of Python 3.11, in ours or a driver's code, may lose a cancellation that comes just when what
    it waits for happens; so it is said again.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_AGAIN_SECONDS)
