"""Several server processes on one listening socket: starts them, replaces the dead, stops them all."""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from types import FrameType

from msgspec import Struct

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.1
YOUNG_SECONDS = 2.0
"""A process that dies younger than this failed to start; after GIVE_UP in a row there is no point in going on."""
GIVE_UP = 3
GRACE_SECONDS = 3.0
"""What a process gets beyond its own shutdown time before it is killed."""


class _Child(Struct):
    process: subprocess.Popen[bytes]
    started: float
    failures: int


class Supervisor:
    """``command`` makes the command line of process number i; it gets the lifeline to watch as its argument.

    The lifeline is a pipe that closes when this process goes away in whatever manner, so that no child outlives it.
    """

    def __init__(self, command: Callable[[int, int], list[str]], count: int, *, socket: int, seconds: float) -> None:
        self._command = command
        self._count = count
        self._socket = socket
        self._seconds = seconds + GRACE_SECONDS
        self._stop = threading.Event()
        self._lifeline, self._held = os.pipe()

    def run(self) -> int:
        """Blocks until a signal stops it (0) or the processes cannot be started (1)."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked)
        children = {index: self._start(index, 0) for index in range(self._count)}
        broken = False
        while not self._stop.wait(LOOK_SECONDS) and not broken:
            broken = any(not self._tend(children, index) for index in range(self._count))
        self._end(list(children.values()))
        return int(broken)

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _start(self, index: int, failures: int) -> _Child:
        command = self._command(index, self._lifeline)
        process = subprocess.Popen(command, pass_fds=(self._socket, self._lifeline))  # noqa: S603  # our own command line
        return _Child(process, time.monotonic(), failures)

    def _tend(self, children: dict[int, _Child], index: int) -> bool:
        """Replaces a dead process; False when it keeps dying at once."""
        child = children[index]
        code = child.process.poll()
        if code is None:
            return True
        young = time.monotonic() - child.started < YOUNG_SECONDS
        failures = child.failures + 1 if young else 0
        log.error("server process %d (pid %d) ended with %d", index, child.process.pid, code)
        if failures >= GIVE_UP:
            return False
        children[index] = self._start(index, failures)
        return True

    def _end(self, children: list[_Child]) -> None:
        for child in children:
            child.process.terminate()
        deadline = time.monotonic() + self._seconds
        for child in children:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("server process (pid %d) did not stop in time and is killed", child.process.pid)
                child.process.kill()
                child.process.wait()
        os.close(self._held)
        os.close(self._lifeline)


def watch_lifeline(lifeline: int) -> None:
    """In a child: stop as on SIGTERM when the supervisor is gone."""

    def wait() -> None:
        os.read(lifeline, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
