"""Waiting for something that happens elsewhere, without guessing how long it takes."""

import asyncio
import time
from collections.abc import Callable


async def until(condition: Callable[[], object], *, seconds: float = 30) -> None:
    """Return once the condition holds; fail after a deadline far beyond what a healthy run needs."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        await asyncio.sleep(0.002)
