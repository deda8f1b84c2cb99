"""Being told how far a transfer is."""

from typing import Protocol


class Progress(Protocol):
    def __call__(self, what: str, done: int, total: int, /) -> None: ...


def silent(_what: str, _done: int, _total: int, /) -> None:
    """For those who do not watch."""
