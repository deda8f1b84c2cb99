"""Pure decisions: what a value may be, what a split may be, how priorities move."""

from collections.abc import Iterable, Mapping
from typing import Final

from burgee.control.kit.values import FlagValue
from burgee.control.targeting.errors import (
    InvalidAllocation,
    PriorityOutOfRange,
    ValueNotText,
    ValueOutOfRange,
    ValueTooLong,
)

INTEGER_MAX: Final = 2**31 - 1
INTEGER_MIN: Final = -(2**31)
ROUNDING: Final = 1e-9
"""Sums of percentages that people wrote as decimals may be this far above 100."""


def check_value(value: FlagValue, *, limit: int) -> None:
    """Refuse a value that clients could not read: half characters, over `limit` of them, an integer over 32 bits."""
    if isinstance(value, str):
        if len(value) > limit:
            raise ValueTooLong(limit=limit)
        try:
            value.encode()
        except UnicodeEncodeError as surrogate:
            raise ValueNotText from surrogate
    elif isinstance(value, int) and not INTEGER_MIN <= value <= INTEGER_MAX:
        raise ValueOutOfRange


def check_allocation(percentages: Iterable[float], error: type[InvalidAllocation] = InvalidAllocation) -> None:
    """Refuse a split of more than 100 per cent, or with a share outside 0..100 (or not a number)."""
    shares = list(percentages)
    if not all(0 <= share <= 100 for share in shares) or sum(shares) > 100 + ROUNDING:
        raise error


Priorities = dict[int, int]
"""Place in the order (0 is the strongest) by segment id. Gaps may exist: they are kept as they are."""


def appended(priorities: Mapping[int, int], segment_id: int) -> Priorities:
    """With a new segment behind the last."""
    return {**priorities, segment_id: max(priorities.values(), default=-1) + 1}


def moved(priorities: Mapping[int, int], segment_id: int, to: int) -> Priorities:
    """With a segment moved by insertion: those between its old and its new place make room."""
    if not 0 <= to <= INTEGER_MAX:
        raise PriorityOutOfRange
    start = priorities[segment_id]

    def place(other: int, priority: int) -> int:
        if other == segment_id:
            return to
        if to <= priority < start:
            return priority + 1
        return priority - 1 if start < priority <= to else priority

    return {other: place(other, priority) for other, priority in priorities.items()}


def removed(priorities: Mapping[int, int], segment_id: int) -> Priorities:
    """Without a segment: those behind it close the gap."""
    gap = priorities[segment_id]
    return {
        other: priority - 1 if priority > gap else priority
        for other, priority in priorities.items()
        if other != segment_id
    }
