"""What the members of some segments get: worked out once for every combination of segments that occurs."""

from typing import Final, Generic, TypeVar

from msgspec import Struct

from burgee.engine.bids import Bids
from burgee.engine.bucketing import Split
from burgee.engine.flags import Choice

T = TypeVar("T")

KEPT: Final = 1_024
KEPT_RESULTS: Final = 65_536
"""How many plans a ruleset keeps, and how many results they may hold together: half a megabyte of references.

The first ones stay, and others are made for each evaluation. Identities fall into few combinations
(a hundred for a hundred segments), so most evaluations find theirs.
"""


class Plan(Struct, Generic[T], frozen=True):
    """A result for every flag, and the splits to draw in place of some of them."""

    results: list[T]
    splits: list[Split[T]]


class Plans(Generic[T]):
    """Segments go by their order among all of the ruleset."""

    def __init__(self, bids: Bids[T]) -> None:
        self.kept: dict[tuple[int, ...], Plan[T]] = {}
        self._bids = bids
        self._limit = min(KEPT, KEPT_RESULTS // (len(bids.flags) + 1))
        self._results = [flag.choice.control for flag in bids.flags]
        self._splits = {place: _split(place, flag.choice) for place, flag in enumerate(bids.flags) if flag.choice.edges}

    def make(self, matched: tuple[int, ...]) -> Plan[T]:
        """The plan for members of these segments, also kept while there is room."""
        results, splits = self._results.copy(), self._splits.copy()
        for place, choice in self._bids.winners(matched).items():
            results[place] = choice.control
            splits.pop(place, None)
            if choice.edges:
                splits[place] = _split(place, choice)
        plan = Plan(results, list(splits.values()))
        if len(self.kept) < self._limit:
            self.kept[matched] = plan
        return plan


def _split(place: int, choice: Choice[T]) -> Split[T]:
    return place, choice.seed, choice.edges, choice.shares
