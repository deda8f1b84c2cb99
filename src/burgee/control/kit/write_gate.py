"""One fair write lock in the process: SQLite has one writer, so writers queue here in order of arrival."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class FairLock:
    """A re-entrant lock that is handed over in order of arrival."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._owner: int | None = None
        self._depth = 0
        self._waiting: deque[tuple[int, threading.Event]] = deque()

    def acquire(self) -> None:
        """Wait in line; returns when the calling thread owns the lock."""
        me = threading.get_ident()
        with self._guard:
            if self._owner in {None, me}:
                self._owner = me
                self._depth += 1
                return
            turn = threading.Event()
            self._waiting.append((me, turn))
        turn.wait()

    def release(self) -> None:
        """Give the lock to the next in line; raises RuntimeError when the caller does not own it."""
        with self._guard:
            if self._owner != threading.get_ident():
                msg = "the write gate is released by a thread that does not own it"
                raise RuntimeError(msg)
            self._depth -= 1
            if self._depth:
                return
            if not self._waiting:
                self._owner = None
                return
            self._owner, turn = self._waiting.popleft()
            self._depth = 1
            turn.set()


_gate = FairLock()


@contextmanager
def write_gate() -> Iterator[None]:
    """Hold the process's write lock."""
    _gate.acquire()
    try:
        yield
    finally:
        _gate.release()


def acquire() -> None:
    _gate.acquire()


def release() -> None:
    _gate.release()
