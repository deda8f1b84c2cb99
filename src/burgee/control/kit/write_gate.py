"""One fair write lock in the process: SQLite has one writer, so writers queue here in order of arrival."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final


class FairLock:
    """A re-entrant lock that is handed over in order of arrival; its owner is a thread unless one is named."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._owner: object = None
        self._depth = 0
        self._waiting: deque[tuple[object, threading.Event]] = deque()

    def acquire(self, owner: object = None, *, blocking: bool = True, timeout: float = -1) -> bool:
        """Wait in line; True when the owner has the lock, False when it did not get it in time."""
        me = threading.get_ident() if owner is None else owner
        with self._guard:
            if self._owner in {None, me}:
                self._owner = me
                self._depth += 1
                return True
            if not blocking:
                return False
            turn = threading.Event()
            self._waiting.append((me, turn))
        return turn.wait(None if timeout < 0 else timeout) or self._left_the_line(me, turn)

    def _left_the_line(self, me: object, turn: threading.Event) -> bool:
        """True when the lock was handed over at the very moment of giving up."""
        with self._guard:
            if turn.is_set():
                return True
            self._waiting.remove((me, turn))
            return False

    def release(self, owner: object = None) -> None:
        """Give the lock to the next in line; raises RuntimeError when the caller does not own it."""
        with self._guard:
            if self._owner != (threading.get_ident() if owner is None else owner):
                msg = "the write gate is released by someone who does not own it"
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


_gate: Final = FairLock()


class Seat:
    """The process's write lock for an owner that moves between threads, in the form of `threading.Lock`."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002  # as threading.Lock
        return _gate.acquire(self, blocking=blocking, timeout=timeout)

    def release(self) -> None:
        _gate.release(self)


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
