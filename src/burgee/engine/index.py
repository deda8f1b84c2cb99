"""Which segments an identity can be in at all, found by the traits it carries."""

from collections.abc import Iterable, Mapping
from typing import Final, Generic, TypeVar

from burgee.engine.bucketing import places_of
from burgee.engine.guards import Demand
from burgee.engine.model import Scalar
from burgee.engine.operators import Holds
from burgee.engine.segments import SegmentUnit
from burgee.engine.subject import WELL_KNOWN, Subject
from burgee.engine.values import normalised

P = TypeVar("P")

KEPT_TYPES: Final = frozenset({str, int})
"""Equal values of these are written alike; floats and booleans are equal to others that are not."""

REMEMBERED: Final = 256
"""Values of one trait whose segments are kept; when there are more it starts again."""


class Candidates(Generic[P]):
    """Segments that one value of a property brings in."""

    __slots__ = ("_by_value", "_every", "_present")

    def __init__(self) -> None:
        self._present: list[tuple[Holds, P]] = []
        self._by_value: dict[Scalar, list[tuple[Holds, P]]] = {}
        self._every: list[tuple[Holds, P]] = []

    def add(self, values: frozenset[Scalar] | None, candidate: tuple[Holds, P]) -> None:
        self._every.append(candidate)
        if values is None:
            self._present.append(candidate)
            return
        for value in values:
            self._by_value.setdefault(value, []).append(candidate)

    def of(self, value: Scalar) -> list[tuple[Holds, P]]:
        if type(value) is bool:  # a boolean equals texts that it is not written like
            return self._every
        found = self._by_value.get(value)
        return self._present if found is None else self._present + found


class Entry(Generic[P]):
    """One property: `alone` holds the segments that read nothing else, so a value decides them for good."""

    __slots__ = ("alone", "among", "decided")

    def __init__(self) -> None:
        self.alone: Candidates[P] = Candidates()
        self.among: Candidates[P] = Candidates()
        self.decided: dict[Scalar, tuple[Scalar, list[P], list[tuple[Holds, P]]]] = {}

    def add(self, unit: SegmentUnit, demand: Demand, candidate: tuple[Holds, P]) -> None:
        lone = unit.properties == {demand.property} and demand.property not in WELL_KNOWN
        (self.alone if lone else self.among).add(demand.values, candidate)

    def decide(self, name: str, value: Scalar, subject: Subject) -> tuple[Scalar, list[P], list[tuple[Holds, P]]]:
        """The value as operators see it, the payloads it decides, and the candidates it leaves open."""
        seen = subject[name] = normalised(value)
        matched = [payload for holds, payload in self.alone.of(seen) if holds(subject)]
        decided = seen, matched, self.among.of(seen)
        if type(value) in KEPT_TYPES:
            if len(self.decided) >= REMEMBERED:
                self.decided.clear()
            self.decided[value] = decided
        return decided


class SegmentIndex(Generic[P]):
    """Segments with a payload each; `matches` gives the payloads of those that an identity is in.

    The order is unspecified, and a payload may come twice.
    """

    def __init__(self, segments: Iterable[tuple[SegmentUnit, P]]) -> None:
        self._always: list[tuple[Holds, P]] = []
        self._seeds: list[bytes] = []
        self._rollouts: list[tuple[int, P]] = []
        self._entries: dict[str | None, Entry[P]] = {}
        for unit, payload in segments:
            self._add(unit, (unit.holds, payload))
        self._well_known = tuple(WELL_KNOWN & self._entries.keys())

    def _add(self, unit: SegmentUnit, candidate: tuple[Holds, P]) -> None:
        if unit.rollout is not None:
            self._seeds.append(unit.rollout[0])
            self._rollouts.append((unit.rollout[1], candidate[1]))
            return
        for name in unit.properties:
            if name not in self._entries:
                self._entries[name] = Entry()
        if unit.guard is None:
            self._always.append(candidate)
            return
        for demand in unit.guard:
            self._entries[demand.property].add(unit, demand, candidate)

    def matches(self, subject: Subject) -> list[P]:
        """The payloads of the segments that the subject is in; it must be new."""
        candidates = self._always.copy()
        matched: list[P] = []
        if self._seeds and subject.hashed is not None:
            places = places_of(self._seeds, subject.hashed)
            matched += [
                payload for place, (admitted, payload) in zip(places, self._rollouts, strict=True) if place < admitted
            ]
        identity = subject.identity
        if identity is not None:
            self._add_traits(subject, identity.traits, candidates, matched)
        for name in self._well_known:
            if name not in subject and (seen := subject[name]) is not None:
                candidates += self._entries[name].among.of(seen)
        matched += [payload for holds, payload in candidates if holds(subject)]
        return matched

    def _add_traits(
        self,
        subject: Subject,
        traits: Mapping[str, Scalar],
        candidates: list[tuple[Holds, P]],
        matched: list[P],
    ) -> None:
        entries = self._entries
        for name, value in traits.items():
            entry = entries.get(name)
            if entry is None or value is None:
                continue
            kind = type(value)
            decided = entry.decided.get(value) if kind is str or kind is int else None
            seen, lone, open_ = decided or entry.decide(name, value, subject)
            subject[name] = seen
            if lone:
                matched += lone
            if open_:
                candidates += open_
