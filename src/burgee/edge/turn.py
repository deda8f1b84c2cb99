"""What stands where uvicorn looks for the running request of a connection, while an answer of the short way waits."""

from typing import Final


class _NobodyWaits:
    def set(self) -> None:
        """Uvicorn wakes the running request when more of it comes; this one has all of it."""


_NOBODY_WAITS: Final = _NobodyWaits()


class Turn:
    """A request of the short way in the place where uvicorn keeps its running request."""

    __slots__ = ("disconnected", "keep_alive", "message_event", "response_complete")

    def __init__(self, *, keep_alive: bool) -> None:
        self.keep_alive = keep_alive
        self.response_complete = False
        self.disconnected = False
        self.message_event = _NOBODY_WAITS
