"""An environment at one revision: who asks goes in, the flags in their order come out."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec

from burgee.engine.bucketing import places_of
from burgee.engine.explanation import Explanation, explain
from burgee.engine.flags import Choice, FlagUnit
from burgee.engine.index import SegmentIndex
from burgee.engine.model import Environment, Identity, SegmentId
from burgee.engine.segments import SegmentUnit
from burgee.engine.subject import Subject
from burgee.engine.values import normalised

T = TypeVar("T")

Bid = tuple[int, Choice[T]]
"""What a matching segment offers for one flag, behind its rank among the flag's overrides: the lowest wins."""


class Ruleset(Generic[T]):
    """Compiled units put together. Building one moves pointers only, so units outlive revisions."""

    def __init__(
        self,
        environment: Environment,
        segments: Iterable[SegmentUnit],
        flags: Iterable[FlagUnit[T]],
        *,
        document: dict[str, Any] | None = None,
    ) -> None:
        """`document` is what JSONPath properties read beside the identity, if not made from the units."""
        self.environment = environment
        self.segments = {unit.id: unit for unit in segments}
        self.flags = {unit.name: unit for unit in flags}
        choices = [unit.choice for unit in self.flags.values()]
        self.defaults: list[T] = [choice.anonymous for choice in choices]
        self._controls: list[T] = [choice.control for choice in choices]
        self._splits = [(place, choice.edges, choice.shares) for place, choice in enumerate(choices) if choice.edges]
        self._seeds = [choice.seed for choice in choices if choice.edges]
        self._places = {name: place for place, name in enumerate(self.flags)}
        self._overriding = SegmentIndex(self._bids())
        self._given_document = document

    def _bids(self) -> list[tuple[SegmentUnit, list[tuple[int, Bid[T]]]]]:
        bids: dict[SegmentId, tuple[int, SegmentUnit, list[tuple[int, Bid[T]]]]] = {
            id_: (order, unit, []) for order, (id_, unit) in enumerate(self.segments.items())
        }
        for place, flag in enumerate(self.flags.values()):
            overrides = [override for override in flag.overrides if override.source.segment in bids]
            if len(overrides) > 1:
                overrides.sort(key=lambda override: (override.source.priority, bids[override.source.segment][0]))
            for rank, override in enumerate(overrides):
                bids[override.source.segment][2].append((place, (rank, override.choice)))
        return [(unit, offered) for _, unit, offered in bids.values() if offered]

    def replacing(
        self,
        *,
        environment: Environment | None = None,
        segments: Mapping[SegmentId, SegmentUnit | None] | None = None,
        flags: Mapping[str, FlagUnit[T] | None] | None = None,
    ) -> "Ruleset[T]":
        """The same rules but for these units; None removes one, a new one goes last."""
        segment_units: dict[SegmentId, SegmentUnit | None] = {**self.segments, **(segments or {})}
        flag_units: dict[str, FlagUnit[T] | None] = {**self.flags, **(flags or {})}
        return Ruleset(
            environment or self.environment,
            [unit for unit in segment_units.values() if unit is not None],
            [unit for unit in flag_units.values() if unit is not None],
        )

    def evaluate(self, identity: Identity | None, overrides: Mapping[str, Choice[T]] | None = None) -> list[T]:
        """What the identity gets, in the order of the flags; `overrides` are its own, by flag name."""
        subject = self._subject(identity)
        winners = self._winners(subject)
        if overrides:
            self._override(winners, overrides)
        hashed = subject.hashed
        if hashed is None:
            return self._without_splits(winners, known=identity is not None)
        results = self._controls.copy()
        drawn = places_of(self._seeds, hashed)
        for (place, edges, shares), draw in zip(self._splits, drawn, strict=True):
            results[place] = shares[bisect_right(edges, draw) - 1]
        for place, (_, choice) in winners.items():
            results[place] = choice.pick(hashed) if choice.edges else choice.control
        return results

    def _without_splits(self, winners: dict[int, Bid[T]], *, known: bool) -> list[T]:
        results = self._controls.copy() if known else self.defaults.copy()
        for place, (_, choice) in winners.items():
            results[place] = choice.control if known else choice.anonymous
        return results

    def evaluate_one(self, name: str, identity: Identity | None, overrides: Mapping[str, Choice[T]] | None = None) -> T:
        """What the identity gets for one flag; raises KeyError for a flag that is not there."""
        unit = self.flags[name]
        subject = self._subject(identity)
        choice = overrides.get(name) if overrides else None
        if choice is None:
            bid = self._winners(subject).get(self._places[name]) if unit.overrides else None
            choice = unit.choice if bid is None else bid[1]
        if identity is None:
            return choice.anonymous
        return choice.control if subject.hashed is None or not choice.edges else choice.pick(subject.hashed)

    def _winners(self, subject: Subject) -> dict[int, Bid[T]]:
        winners: dict[int, Bid[T]] = {}
        for bids in self._overriding.matches(subject):
            for place, bid in bids:
                held = winners.get(place)
                if held is None or bid[0] < held[0]:
                    winners[place] = bid
        return winners

    def _override(self, winners: dict[int, Bid[T]], overrides: Mapping[str, Choice[T]]) -> None:
        for name, choice in overrides.items():
            place = self._places.get(name)
            if place is not None:
                winners[place] = (0, choice)

    @cached_property
    def _everything(self) -> SegmentIndex[int]:
        return SegmentIndex([(unit, order) for order, unit in enumerate(self.segments.values())])

    def matching_segments(self, identity: Identity | None) -> list[SegmentId]:
        """Every segment that the identity is in, in the order of the segments."""
        orders = self._everything.matches(self._subject(identity))
        ids = list(self.segments)
        return [ids[order] for order in sorted(set(orders))]

    def explain(self, identity: Identity | None, overrides: Mapping[str, Choice[T]] | None = None) -> Explanation:
        """The same decisions with their reasons; slow, for people."""
        subject = self._subject(identity)
        if identity is not None:
            subject.update((name, normalised(trait)) for name, trait in identity.traits.items() if trait is not None)
        return explain(self.segments.values(), self.flags.values(), subject=subject, overrides=overrides or {})

    def _subject(self, identity: Identity | None) -> Subject:
        if identity is None:
            return Subject(self.environment, None, None, None, self._document)
        # The enriched key is what splits hash and what $.identity.key reads.
        key = identity.key or f"{self.environment.key}_{identity.identifier}"
        try:
            hashed = key.encode()
        except UnicodeEncodeError:  # text that UTF-8 cannot hold has no place in a split
            return Subject(self.environment, identity, key, None, self._document)
        return Subject(self.environment, identity, key, hashed, self._document)

    @cached_property
    def _static_document(self) -> dict[str, Any]:
        if self._given_document is not None:
            return self._given_document
        return {
            "environment": {"key": self.environment.key, "name": self.environment.name},
            "segments": {str(id_): msgspec.to_builtins(unit.source) for id_, unit in self.segments.items()},
            "features": {
                name: {"name": name, **msgspec.to_builtins(unit.source.state)} for name, unit in self.flags.items()
            },
        }

    def _document(self, subject: Subject) -> dict[str, Any]:
        identity = subject.identity
        if identity is None:
            return self._static_document
        who = {"identifier": identity.identifier, "key": subject.key, "traits": dict(identity.traits)}
        return {**self._static_document, "identity": who}
