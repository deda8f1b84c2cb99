"""Sets of code points as sorted ranges, with Python's own idea of its character classes.

Python's and RE2's Unicode tables differ by version and by rule (letter case above all), so classes are
read off Python's `re` and written out as ranges.
"""

import re
import sys
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

Ranges = tuple[tuple[int, int], ...]

_LAST: Final = sys.maxunicode
_LAST_CASED: Final = 0x1FFFF
"""No script beyond the first two planes has letter case."""

_CACHED: Final = 256
"""Results kept of each function over ranges; a word class has hundreds of them and patterns repeat it."""

_SURROGATES: Final = (0xD800, 0xDFFF)


def union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The ranges sorted, with overlaps and neighbours merged."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


@lru_cache(maxsize=_CACHED)
def complement(ranges: Ranges) -> Ranges:
    gaps: list[tuple[int, int]] = []
    low = 0
    for start, stop in ranges:
        if low < start:
            gaps.append((low, start - 1))
        low = stop + 1
    return (*gaps, (low, _LAST)) if low <= _LAST else tuple(gaps)


@lru_cache(maxsize=_CACHED)
def intersection(left: Ranges, right: Ranges) -> Ranges:
    return complement(union((*complement(left), *complement(right))))


def category(escape: str, flags: int) -> Ranges:
    r"""What Python's ``\d``, ``\s`` or ``\w`` matches under `flags`."""
    return _categories(flags)[escape]


@cache
def _categories(flags: int) -> dict[str, Ranges]:
    everything = "".join(map(chr, range(_LAST + 1)))
    return {
        escape: tuple((found.start(), found.end() - 1) for found in re.finditer(f"{escape}+", everything, flags))
        for escape in (r"\d", r"\s", r"\w")
    }


@cache
def cased() -> tuple[str, Ranges]:
    """Every character that a rule about letter case can touch, as text and as ranges."""
    characters = [
        code for code in range(_LAST_CASED + 1) if (char := chr(code)).lower() != char or char.upper() != char
    ]
    return "".join(map(chr, characters)), union((code, code) for code in characters)


@lru_cache(maxsize=_CACHED)
def ignoring_case(ranges: Ranges, source: str, flags: int) -> Ranges:
    """What the class written as `source` matches under `flags`, if it matches `ranges` with case kept."""
    characters, touched = cased()
    matched = ((ord(char), ord(char)) for char in re.findall(source, characters, flags))
    return union((*intersection(ranges, complement(touched)), *matched))


@lru_cache(maxsize=_CACHED)
def written(ranges: Ranges) -> str:
    """The ranges as an RE2 class; UTF-8 knows no surrogates, so they are left out."""
    parts = "".join(
        rf"\x{{{low:X}}}" if low == high else rf"\x{{{low:X}}}-\x{{{high:X}}}"
        for low, high in intersection(ranges, complement((_SURROGATES,)))
    )
    return f"[{parts}]" if parts else r"[^\x{0}-\x{10FFFF}]"


@cache
def words_beyond_ascii() -> Ranges:
    """What is a word character to Python, but not to RE2's word boundary, and the underscore."""
    underscore = (ord("_"), ord("_"))
    return union((*(span for span in category(r"\w", 0) if span[0] > 0x7F), underscore))
