"""Rows of identities in memory, for as long as their keeper knows that nobody wrote them."""

from typing import Final

from burgee.edge.identities.protocol import TraitValue

KEPT_ROWS: Final = 10_000
KEPT_LENGTH: Final = 1_000
"""Characters of identifier and traits; longer rows are read each time, which bounds what is kept."""

Stored = tuple[int, str, int | None, str | None]
"""Id, traits as text, legacy hash id and last seen."""

Key = tuple[int, str]
"""Environment and identifier."""

Seen = tuple[Stored | None, dict[str, TraitValue]]
"""An identity as it is, with its traits; or that it is not there."""


class KeptRows:
    """Rows that nobody wrote since, by key. Bounded: when there are too many it starts again."""

    def __init__(self) -> None:
        self.rows: dict[Key, Seen | None] = {}
        """None stands for a row that is too long to be kept."""

    def keep(self, key: Key, seen: Seen) -> None:
        if len(self.rows) >= KEPT_ROWS:
            self.rows.clear()
        stored = seen[0]
        is_short = len(key[1]) + (0 if stored is None else len(stored[1])) <= KEPT_LENGTH
        self.rows[key] = seen if is_short else None
