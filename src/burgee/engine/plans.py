"""What the members of some segments get: worked out once for every combination of segments that occurs."""

from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any, Final, Generic, TypeVar

from msgspec import Struct

from burgee.engine.bids import Bids
from burgee.engine.bucketing import Split, draw
from burgee.engine.flags import Choice

T = TypeVar("T")

KEPT: Final = 1_024
KEPT_RESULTS: Final = 65_536
"""How many plans a ruleset keeps, and how many results they may hold together: half a megabyte of references.

The first ones stay, and others are made for each evaluation. Identities fall into few combinations
(a hundred for a hundred segments), so most evaluations find theirs.
"""

RECENT: Final = 8_192
RECENT_RESULTS: Final = 1_000_000
"""How many draws are kept, and how many results they may hold together: eight megabytes of references."""


class Plan(Struct, Generic[T], frozen=True, eq=False):
    """A result for every flag, and the splits to draw in place of some of them.

    ``drawn`` picks what was drawn out of results; ``kept`` says that the same plan will be met again.
    """

    results: list[T]
    splits: list[Split[T]]
    drawn: Callable[[list[T]], tuple[T, ...]]
    kept: bool

    def settled(self) -> Iterator[T]:
        """What everybody gets who is met by this plan."""
        drawn = {split[0] for split in self.splits}
        return (result for place, result in enumerate(self.results) if place not in drawn)


class RecentDraws(Generic[T]):
    """Results of those who came lately: whoever is met by the same plan again draws the same. Bounded.

    Rulesets may share one. It holds on to their plans until `forget`, which any thread may call.
    """

    def __init__(self, most: int = RECENT) -> None:
        self._most = most
        self._kept: dict[tuple[Plan[T], bytes], list[T]] = {}
        self._results = 0

    def results(self, plan: Plan[T], hashed: bytes) -> list[T]:
        """What this key gets by this plan."""
        results = self._kept.get((plan, hashed))
        if results is None:
            results = plan.results.copy()
            draw(plan.splits, hashed, results)
            self._results += len(results)
            if len(self._kept) >= self._most or self._results > RECENT_RESULTS:
                self.forget()
                self._results = len(results)
            self._kept[plan, hashed] = results
        return results

    def forget(self) -> None:
        self._kept.clear()
        self._results = 0


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
        plan = Plan(results, list(splits.values()), _picking(list(splits)), len(self.kept) < self._limit)
        if plan.kept:
            self.kept[matched] = plan
        return plan


def _picking(places: list[int]) -> Callable[[list[Any]], tuple[Any, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda results: tuple(results[place] for place in places)


def _split(place: int, choice: Choice[T]) -> Split[T]:
    return place, choice.seed, choice.edges, choice.shares
