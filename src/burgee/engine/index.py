"""Which segments an identity can be in at all, found by the traits it carries."""

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from burgee.engine.model import Scalar
from burgee.engine.operators import Holds
from burgee.engine.segments import SegmentUnit
from burgee.engine.subject import WELL_KNOWN, Subject
from burgee.engine.values import ENDS, PLAIN_TYPES, STARTS, normalised, number

P = TypeVar("P")


class Entry(Generic[P]):
    """The candidates that one property brings in."""

    __slots__ = ("by_value", "every", "present")

    def __init__(self) -> None:
        self.present: list[tuple[Holds, P]] = []
        self.by_value: dict[Scalar, list[tuple[Holds, P]]] = {}
        self.every: list[tuple[Holds, P]] = []

    def add(self, values: frozenset[Scalar] | None, candidate: tuple[Holds, P]) -> None:
        self.every.append(candidate)
        if values is None:
            self.present.append(candidate)
            return
        for value in values:
            self.by_value.setdefault(value, []).append(candidate)


class SegmentIndex(Generic[P]):
    """Segments with a payload each; `matches` gives the payloads of those that an identity is in.

    The order is unspecified, and a payload may come twice.
    """

    def __init__(self, segments: Iterable[tuple[SegmentUnit, P]]) -> None:
        self._always: list[tuple[Holds, P]] = []
        self._entries: dict[str, Entry[P]] = {}
        for unit, payload in segments:
            self._add(unit, (unit.holds, payload))
        self._well_known = tuple(WELL_KNOWN & self._entries.keys())

    def _add(self, unit: SegmentUnit, candidate: tuple[Holds, P]) -> None:
        for name in unit.properties:
            if name not in self._entries:
                self._entries[name] = Entry()
        if unit.guard is None:
            self._always.append(candidate)
            return
        for demand in unit.guard:
            self._entries[demand.property].add(demand.values, candidate)

    def matches(self, subject: Subject) -> list[P]:
        """The payloads of the segments that the subject is in; it must be new."""
        candidates = self._always.copy()
        identity = subject.identity
        if identity is not None:
            self._add_traits(subject, identity.traits, candidates)
        for name in self._well_known:
            if name not in subject and (seen := subject[name]) is not None:
                entry = self._entries[name]
                candidates += entry.present
                candidates += entry.by_value.get(seen, ())
        return [payload for holds, payload in candidates if holds(subject)]

    def _add_traits(self, subject: Subject, traits: Mapping[str, Scalar], candidates: list[tuple[Holds, P]]) -> None:
        entries = self._entries
        for name, value in traits.items():
            entry = entries.get(name)
            if entry is None or value is None:
                continue
            if type(value) is str:
                seen = number(value) if value and value[-1] in ENDS and value[0] in STARTS else value
            elif type(value) is bool:
                # A boolean equals texts that it is not written like.
                subject[name] = value
                candidates += entry.every
                continue
            else:
                seen = value if type(value) in PLAIN_TYPES else normalised(value)
            subject[name] = seen
            if entry.present:
                candidates += entry.present
            if entry.by_value:
                found = entry.by_value.get(seen)
                if found is not None:
                    candidates += found
