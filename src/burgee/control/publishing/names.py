"""Which parts are asked for: names as on the wire, sorted by kind."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from burgee.wire.snapshot import SETTINGS


class Wanted(Struct, frozen=True, kw_only=True):
    """Ids by kind; None stands for every one there is."""

    settings: bool
    flags: frozenset[int] | None
    segments: frozenset[int] | None
    buckets: frozenset[int] | None


EVERYTHING: Final = Wanted(settings=True, flags=None, segments=None, buckets=None)


def wanted(names: Iterable[str]) -> Wanted:
    """The ids in `names`; raises ValueError for a name of no known kind."""
    ids: dict[str, set[int]] = {"flag": set(), "segment": set(), "overrides": set()}
    settings = False
    for name in names:
        if name == SETTINGS:
            settings = True
            continue
        kind, _, number = name.partition("/")
        if kind not in ids:
            raise ValueError(f"{name!r} is not a part of a snapshot")
        ids[kind].add(int(number))
    return Wanted(
        settings=settings,
        flags=frozenset(ids["flag"]),
        segments=frozenset(ids["segment"]),
        buckets=frozenset(ids["overrides"]),
    )
