"""What segments offer for flags: the overrides of a ruleset in order of strength."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from burgee.engine.flags import Choice, FlagUnit
from burgee.engine.model import SegmentId

T = TypeVar("T")


class Bids(Struct, Generic[T], frozen=True):
    """Flags go by their place, segments by their order among all of the ruleset.

    ``offers`` are (place, choice); those for one flag stand together from ``begins`` on, the strongest last.
    """

    flags: Sequence[FlagUnit[T]]
    orders: Mapping[SegmentId, int]
    offers: list[tuple[int, Choice[T]]]
    begins: dict[int, int]
    by_segment: dict[int, list[int]]
    """The segments that override something, with the positions of what they offer."""

    def winners(self, matched: Iterable[int]) -> dict[int, Choice[T]]:
        """The strongest override of each flag that the segments override, by the flag's place."""
        # The offers for one flag are in order of strength, so the last one stays.
        return dict(self.offers[at] for at in sorted({at for order in matched for at in self.by_segment[order]}))


def collect(flags: Sequence[FlagUnit[T]], orders: Mapping[SegmentId, int], before: Bids[T] | None = None) -> Bids[T]:
    """The bids for these flags, made of those `before` when only what is offered differs."""
    exchanged = None if before is None else _exchanged(flags, orders, before)
    return exchanged or _collected(flags, orders)


def _collected(flags: Sequence[FlagUnit[T]], orders: Mapping[SegmentId, int]) -> Bids[T]:
    offers: list[tuple[int, Choice[T]]] = []
    begins: dict[int, int] = {}
    by_segment: dict[int, list[int]] = {}
    for place, flag in enumerate(flags):
        if flag.overrides:
            begins[place] = len(offers)
            for order, choice in _for(flag, orders):
                by_segment.setdefault(order, []).append(len(offers))
                offers.append((place, choice))
    return Bids(flags, orders, offers, begins, by_segment)


def _exchanged(flags: Sequence[FlagUnit[T]], orders: Mapping[SegmentId, int], before: Bids[T]) -> Bids[T] | None:
    """None when another segment bids for a flag, or the same ones do in another order."""
    if len(flags) != len(before.flags) or orders != before.orders:
        return None
    offers = before.offers.copy()
    for place, (flag, known) in enumerate(zip(flags, before.flags, strict=True)):
        if flag is known or not (flag.overrides or known.overrides):
            continue
        now, then = _for(flag, orders), _for(known, orders)
        if [order for order, _ in now] != [order for order, _ in then] or place not in before.begins:
            return None
        begin = before.begins[place]
        offers[begin : begin + len(now)] = [(place, choice) for _, choice in now]
    return Bids(flags, orders, offers, before.begins, before.by_segment)


def _for(flag: FlagUnit[T], orders: Mapping[SegmentId, int]) -> list[tuple[int, Choice[T]]]:
    """What segments offer for one flag, the strongest last."""
    bids = [
        (override.source.priority, orders[override.source.segment], override.choice)
        for override in flag.overrides
        if override.source.segment in orders
    ]
    bids.sort(key=lambda bid: bid[:2])
    return [(order, choice) for _, order, choice in reversed(bids)]
