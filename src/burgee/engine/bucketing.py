"""The place of a key in a split: equal inputs stay put for ever.

A place is one of 9,998 equal steps of a percentage, so limits are turned into places beforehand and
an evaluation compares integers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from math import isnan
from typing import Final, TypeVar

try:
    from _md5 import md5  # half the cost of hashlib's for inputs this short
except ImportError:  # a Python whose MD5 comes from OpenSSL alone
    from hashlib import md5

PLACES: Final = 9998
"""A draw of exactly this is 100 % and is repeated, because shares are half-open."""

T = TypeVar("T")

Split = tuple[int, bytes, tuple[int, ...], tuple[T, ...]]
"""Where its result goes, its seed with the comma, and the places where each of its shares begins."""

_number: Final = int.from_bytes


def place_of(joined: bytes) -> int:
    """The place of the ids in `joined`: UTF-8, with single commas between them."""
    # MD5 because the Flagsmith engines use it: another hash would move users between variants.
    place = _number(md5(joined).digest()) % 9999
    return place if place != PLACES else _redrawn(joined)


def places_of(seeds: Iterable[bytes], hashed: bytes) -> list[int]:
    """The places of one key in many splits; a seed ends with its comma."""
    return [
        place if (place := _number(md5(seed + hashed).digest()) % 9999) != PLACES else _redrawn(seed + hashed)
        for seed in seeds
    ]


def draw(splits: Iterable[Split[T]], hashed: bytes, results: list[T]) -> None:
    """Put into `results` what one key gets of every split."""
    # Calling `place_of` for each would cost a fifth more.
    for position, seed, edges, shares in splits:
        place = _number(md5(seed + hashed).digest()) % 9999
        if place == PLACES:
            place = _redrawn(seed + hashed)
        results[position] = shares[bisect_right(edges, place) - 1]


def _redrawn(joined: bytes) -> int:
    repeated = joined
    while True:
        repeated += b"," + joined
        place = _number(md5(repeated).digest()) % 9999
        if place != PLACES:
            return place


def percentage(place: int) -> float:
    return place / PLACES * 100


def places_below(limit: float) -> int:
    """How many places have a percentage lower than `limit`."""
    return bisect_left(range(PLACES), limit, key=percentage)


def places_up_to(limit: float) -> int:
    """How many places have a percentage of at most `limit`."""
    return 0 if isnan(limit) else bisect_right(range(PLACES), limit, key=percentage)
