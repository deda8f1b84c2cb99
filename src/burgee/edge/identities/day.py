"""Today in UTC as ISO text, cheap enough to ask for at every request."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

_SECONDS: Final = 86_400


class Day:
    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._number = -1
        self._text = ""

    def today(self) -> str:
        number = int(self._clock() // _SECONDS)
        if number != self._number:
            self._text = datetime.fromtimestamp(number * _SECONDS, UTC).date().isoformat()
            self._number = number
        return self._text

    def now(self) -> str:
        """This moment as Django writes it into SQLite."""
        return datetime.fromtimestamp(self._clock(), UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
