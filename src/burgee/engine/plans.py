"""What the members of some segments get: worked out once for every combination of segments that occurs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Generic, TypeVar

from msgspec import Struct

from burgee.engine.bucketing import Split
from burgee.engine.flags import Choice, FlagUnit
from burgee.engine.model import SegmentId

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

    def __init__(self, flags: Sequence[FlagUnit[T]], orders: Mapping[SegmentId, int]) -> None:
        self.kept: dict[tuple[int, ...], Plan[T]] = {}
        self._limit = min(KEPT, KEPT_RESULTS // (len(flags) + 1))
        self._results = [flag.choice.control for flag in flags]
        self._splits = {place: _split(place, flag.choice) for place, flag in enumerate(flags) if flag.choice.edges}
        self._bids: list[tuple[int, Choice[T]]] = []
        self.bidding: dict[int, list[int]] = {}
        """The segments that override something, with the positions of what they offer."""
        for place, flag in enumerate(flags):
            if flag.overrides:
                self._add(place, flag, orders)

    def _add(self, place: int, flag: FlagUnit[T], orders: Mapping[SegmentId, int]) -> None:
        bids = [
            (override.source.priority, orders[override.source.segment], override.choice)
            for override in flag.overrides
            if override.source.segment in orders
        ]
        bids.sort(key=lambda bid: bid[:2])
        for _, order, choice in reversed(bids):
            self.bidding.setdefault(order, []).append(len(self._bids))
            self._bids.append((place, choice))

    def winners(self, matched: Iterable[int]) -> dict[int, Choice[T]]:
        """The strongest override of each flag that the segments override, by the flag's place."""
        # The bids for one flag are in order of strength, so the last one stays.
        return dict(self._bids[bid] for bid in sorted({bid for order in matched for bid in self.bidding[order]}))

    def make(self, matched: tuple[int, ...]) -> Plan[T]:
        """The plan for members of these segments, also kept while there is room."""
        results, splits = self._results.copy(), self._splits.copy()
        for place, choice in self.winners(matched).items():
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
