"""A hint for workers in this process that there is something to do; without it they find out by asking."""

import threading

_hint = threading.Event()


def nudge() -> None:
    """Say that something may be due."""
    _hint.set()


def wait(seconds: float) -> bool:
    """Sleep until nudged, at most `seconds`; one nudge wakes whoever waits. Whether there was one."""
    nudged = _hint.wait(seconds)
    _hint.clear()
    return nudged
