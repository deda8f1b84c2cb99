"""How far a transfer is, on standard error: a line that changes on a terminal, a line for each step elsewhere."""

import sys
import time

SECONDS = 0.1


class Watching:
    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._shown_at = 0.0

    def __call__(self, what: str, done: int, total: int, /) -> None:
        if total == 0 or not (self._live or done == total):
            return
        now = time.monotonic()
        if done < total and now - self._shown_at < SECONDS:
            return
        self._shown_at = now
        start, end = ("\r\x1b[K", "" if done < total else "\n") if self._live else ("", "\n")
        print(f"{start}  {what}: {done:,} of {total:,}", end=end, file=sys.stderr, flush=True)
