"""A hint for workers in this process that there is something to do; without it they find out by asking."""

import threading

_hint = threading.Event()


def nudge() -> None:
    """Say that something may be due."""
    _hint.set()


def wait(seconds: float) -> None:
    """Sleep until nudged, at most `seconds`; one nudge wakes whoever waits."""
    _hint.wait(seconds)
    _hint.clear()
