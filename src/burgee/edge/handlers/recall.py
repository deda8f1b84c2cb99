"""Answers to questions that were asked before: browsers send the same body with every page."""

from typing import Final

from burgee.edge.counting import Told
from burgee.edge.identities.protocol import IdentityRow
from burgee.edge.view import View
from burgee.engine import RecentDraws

_QUESTIONS: Final = 8_192
_FLAGS: Final = 1_000_000
"""Flags of all kept answers together: eight megabytes of references."""
_BODY: Final = 2_000
"""Bytes of a body; longer ones are not kept."""


class Recalled(Told, kw_only=True):
    """An answer in pieces, good while the store still says `row` about the identity."""

    identifier: str
    row: IdentityRow | None
    before_flags: bytes
    flags: list[bytes]


class Recall:
    """Bounded; when it is full it starts again."""

    def __init__(self) -> None:
        self.draws: Final[RecentDraws[bytes]] = RecentDraws()
        self._answers: dict[tuple[View, bytes], Recalled] = {}
        self._flags = 0

    def get(self, view: View, body: bytes) -> Recalled | None:
        return self._answers.get((view, body))

    def keep(self, view: View, body: bytes, answer: Recalled) -> None:
        if len(body) > _BODY:
            return
        self._flags += len(answer.flags)
        if self._flags > _FLAGS or len(self._answers) >= _QUESTIONS:
            self._answers.clear()
            self._flags = len(answer.flags)
        answer.lasting = True
        self._answers[view, body] = answer

    def forget(self) -> None:
        """After a change: what is kept holds on to the revision it was made of. From any thread."""
        self.draws.forget()
        self._answers.clear()
        self._flags = 0
