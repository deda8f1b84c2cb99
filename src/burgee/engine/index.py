"""Which segments an identity can be in at all, found by the traits it carries."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from burgee.engine.bucketing import places_of
from burgee.engine.guards import Demand
from burgee.engine.model import Scalar
from burgee.engine.operators import Holds
from burgee.engine.segments import SegmentUnit
from burgee.engine.subject import WELL_KNOWN, Subject
from burgee.engine.values import normalised

Candidate = tuple[Holds, int]
Decision = tuple[Scalar, list[int], list[Candidate]]
"""A value as operators see it, the numbers of the segments it decides, and the segments it leaves open."""

Reader = tuple[str, dict[Scalar, Decision], Callable[[Scalar, Subject], Decision]]
"""A trait that may bring in segments, with the decisions kept and the way to make one."""

REMEMBERED: Final = 512
"""Values of one trait whose decisions are kept, first come; those of the rest are made each time."""

SHAPES: Final = 256
"""Sets of traits that an index keeps its preparations for; when there are more it starts again."""

LONGEST_VALUE: Final = 200
LONGEST_NAMES: Final = 2_000
"""Characters of a value, and of all the names in a set of traits, beyond which nothing is kept for them."""

_NO_TRAITS: Final[Mapping[str, Scalar]] = {}


class Candidates:
    """Segments that one value of a property brings in."""

    __slots__ = ("_by_value", "_every", "_present")

    def __init__(self) -> None:
        self._present: list[Candidate] = []
        self._by_value: dict[Scalar, list[Candidate]] = {}
        self._every: list[Candidate] = []

    def add(self, values: frozenset[Scalar] | None, candidate: Candidate) -> None:
        self._every.append(candidate)
        if values is None:
            self._present.append(candidate)
            return
        for value in values:
            self._by_value.setdefault(value, []).append(candidate)

    def of(self, value: Scalar) -> list[Candidate]:
        if type(value) is bool:  # a boolean equals texts that it is not written like
            return self._every
        found = self._by_value.get(value)
        return self._present if found is None else self._present + found


class Entry:
    """One property: `alone` holds the segments that read nothing else, so a value decides them for good."""

    __slots__ = ("alone", "among", "decided", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.alone = Candidates()
        self.among = Candidates()
        self.decided: dict[Scalar, Decision] = {}

    def add(self, unit: SegmentUnit, demand: Demand, candidate: Candidate) -> None:
        lone = unit.properties == {demand.property} and demand.property not in WELL_KNOWN
        (self.alone if lone else self.among).add(demand.values, candidate)

    def decide(self, value: Scalar, subject: Subject) -> Decision:
        seen = subject[self.name] = normalised(value)
        matched: list[int] = []
        for holds, number in self.alone.of(seen):
            if holds(subject):
                matched.append(number)
        decision = seen, matched, self.among.of(seen)
        if len(self.decided) < REMEMBERED and _can_be_kept(value):
            self.decided[value] = decision
        return decision


def _can_be_kept(value: Scalar) -> bool:
    # Equal texts and integers are written alike; floats and booleans are equal to others that are not.
    return type(value) is int or (type(value) is str and len(value) <= LONGEST_VALUE)


class Shape(Struct, frozen=True):
    """What is the same for all identities that carry the same traits."""

    readers: list[Reader]
    matched: list[int]
    candidates: list[Candidate]


class SegmentIndex:
    """Segments with a number each; `matches` gives the numbers of those that an identity is in.

    The order is unspecified, and a number may come twice.
    """

    def __init__(self, segments: Sequence[tuple[SegmentUnit, int]]) -> None:
        self._segments = segments
        self._always: list[tuple[SegmentUnit, int]] = []
        self._seeds: list[bytes] = []
        self._rollouts: list[tuple[int, int]] = []
        self._entries: dict[str, Entry] = {}
        self._shapes: dict[tuple[str, ...], Shape] = {}
        for unit, number in segments:
            self._add(unit, number)
        self._well_known = tuple(WELL_KNOWN & self._entries.keys())
        self._beyond_traits = bool(self._seeds or self._well_known)

    def is_of(self, segments: Sequence[tuple[SegmentUnit, int]]) -> bool:
        """Whether it is made of these very units, with these numbers."""
        return len(segments) == len(self._segments) and all(
            unit is known and number == order
            for (unit, number), (known, order) in zip(segments, self._segments, strict=True)
        )

    def _add(self, unit: SegmentUnit, number: int) -> None:
        if unit.rollout is not None:
            self._seeds.append(unit.rollout[0])
            self._rollouts.append((unit.rollout[1], number))
        elif unit.guard is None:
            self._always.append((unit, number))
        else:
            for demand in unit.guard:
                if demand.property not in self._entries:
                    self._entries[demand.property] = Entry(demand.property)
                self._entries[demand.property].add(unit, demand, (unit.holds, number))

    def matches(self, subject: Subject) -> list[int]:
        """The numbers of the segments that the subject is in; it must be new."""
        traits = _NO_TRAITS if subject.identity is None else subject.identity.traits
        names = tuple(traits)
        shape = self._shapes.get(names) or self._shape(names, subject)
        matched, candidates = shape.matched.copy(), shape.candidates.copy()
        for name, decided, decide in shape.readers:
            value = traits[name]
            kind = type(value)
            decision = decided.get(value) if kind is str or kind is int else None
            if decision is None:
                if value is None:
                    continue
                decision = decide(value, subject)
            subject[name], lone, open_ = decision
            matched += lone
            candidates += open_
        if self._beyond_traits:
            self._add_others(subject, matched, candidates)
        for holds, number in candidates:
            if holds(subject):
                matched.append(number)
        return matched

    def _shape(self, names: tuple[str, ...], subject: Subject) -> Shape:
        readers: list[Reader] = [
            (name, entry.decided, entry.decide) for name in names if (entry := self._entries.get(name))
        ]
        matched: list[int] = []
        candidates: list[Candidate] = []
        for unit, number in self._always:
            if not (unit.only_traits and unit.properties.isdisjoint(names)):
                candidates.append((unit.holds, number))
            elif unit.holds(subject):  # by what it lacks, as all identities of this shape
                matched.append(number)
        shape = Shape(readers, matched, candidates)
        if sum(map(len, names)) <= LONGEST_NAMES:
            if len(self._shapes) >= SHAPES:
                self._shapes.clear()
            self._shapes[names] = shape
        return shape

    def _add_others(self, subject: Subject, matched: list[int], candidates: list[Candidate]) -> None:
        """What no trait brings in: pure splits of the key, and segments found by other properties."""
        if self._seeds and subject.hashed is not None:
            places = places_of(self._seeds, subject.hashed)
            matched += [
                number for place, (admitted, number) in zip(places, self._rollouts, strict=True) if place < admitted
            ]
        for name in self._well_known:
            if name not in subject and (seen := subject[name]) is not None:
                candidates += self._entries[name].among.of(seen)
