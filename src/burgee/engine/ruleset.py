"""An environment at one revision: who asks goes in, the flags in their order come out."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

from burgee.engine.bids import Bids, collect
from burgee.engine.bucketing import draw
from burgee.engine.explanation import Explanation, explain
from burgee.engine.flags import Choice, FlagUnit
from burgee.engine.index import SegmentIndex
from burgee.engine.model import Environment, Identity, SegmentId
from burgee.engine.plans import Plan, Plans, RecentDraws
from burgee.engine.scope import Scope
from burgee.engine.segments import SegmentUnit
from burgee.engine.subject import Subject

T = TypeVar("T")


class Ruleset(Generic[T]):
    """Compiled units put together. Building one moves pointers only, so units outlive revisions."""

    def __init__(
        self,
        environment: Environment,
        segments: Iterable[SegmentUnit],
        flags: Iterable[FlagUnit[T]],
        *,
        document: dict[str, Any] | None = None,
        before: "Ruleset[T] | None" = None,
    ) -> None:
        """`document` is what JSONPath properties read beside the identity, if not made from the units.

        The rules `before` these lend what is the same: who bids for which flag, and the index of segments.
        """
        self.environment = environment
        self.segments = {unit.id: unit for unit in segments}
        self.flags = {unit.name: unit for unit in flags}
        self.defaults: list[T] = [unit.choice.anonymous for unit in self.flags.values()]
        self._places = {name: place for place, name in enumerate(self.flags)}
        orders = {id_: order for order, id_ in enumerate(self.segments)}
        self.bids: Bids[T] = collect(list(self.flags.values()), orders, None if before is None else before.bids)
        self._plans = Plans(self.bids)
        bidding = self.bids.by_segment
        numbered = [(unit, order) for order, unit in enumerate(self.segments.values()) if order in bidding]
        index = None if before is None else before.overriding
        self.overriding: SegmentIndex = index if index is not None and index.is_of(numbered) else SegmentIndex(numbered)
        self._scope = Scope(environment, self.segments, self.flags, document)

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
        return self.evaluate_by_plan(identity, overrides)[0]

    def evaluate_by_plan(
        self,
        identity: Identity | None,
        overrides: Mapping[str, Choice[T]] | None = None,
        recent: RecentDraws[T] | None = None,
    ) -> tuple[list[T], Plan[T] | None]:
        """As `evaluate`, with the plan if it alone decided and will be met again; with `recent` not to be edited."""
        subject = self._subject(identity)
        matched = tuple(self.overriding.matches(subject))
        plan = self._plans.kept.get(matched) or self._plans.make(matched)
        hashed = subject.hashed
        if recent is not None and hashed is not None and plan.kept and not overrides:
            return recent.results(plan, hashed), plan
        results = plan.results.copy()
        if hashed is not None:
            draw(plan.splits, hashed, results)
        elif identity is None:
            results = self._anonymous(matched)
        if overrides:
            for name, choice in overrides.items():
                if name in self._places:
                    results[self._places[name]] = _result(choice, subject)
        return results, plan if plan.kept and identity is not None and not overrides else None

    def _anonymous(self, matched: tuple[int, ...]) -> list[T]:
        results = self.defaults.copy()
        for place, choice in self.bids.winners(matched).items():
            results[place] = choice.anonymous
        return results

    def evaluate_one(self, name: str, identity: Identity | None, overrides: Mapping[str, Choice[T]] | None = None) -> T:
        """What the identity gets for one flag; raises KeyError for a flag that is not there."""
        unit = self.flags[name]
        subject = self._subject(identity)
        choice = overrides.get(name) if overrides else None
        if choice is None and unit.overrides:
            choice = self.bids.winners(self.overriding.matches(subject)).get(self._places[name])
        return _result(choice or unit.choice, subject)

    @cached_property
    def _everything(self) -> SegmentIndex:
        return SegmentIndex([(unit, order) for order, unit in enumerate(self.segments.values())])

    def matching_segments(self, identity: Identity | None) -> list[SegmentId]:
        """Every segment that the identity is in, in the order of the segments."""
        orders = self._everything.matches(self._subject(identity))
        ids = list(self.segments)
        return [ids[order] for order in sorted(set(orders))]

    def explain(self, identity: Identity | None, overrides: Mapping[str, Choice[T]] | None = None) -> Explanation:
        """The same decisions with their reasons; slow, for people."""
        subject = self._subject(identity)
        return explain(self.segments.values(), self.flags.values(), subject=subject, overrides=overrides or {})

    def _subject(self, identity: Identity | None) -> Subject:
        subject = Subject()
        subject.surroundings = self._scope
        subject.identity = identity
        if identity is None:
            subject.key = subject.hashed = None
            return subject
        # The enriched key is what splits hash and what $.identity.key reads.
        subject.key = identity.key or f"{self.environment.key}_{identity.identifier}"
        try:
            subject.hashed = subject.key.encode()
        except UnicodeEncodeError:  # text that UTF-8 cannot hold has no place in a split
            subject.hashed = None
        return subject


def _result(choice: Choice[T], subject: Subject) -> T:
    if subject.identity is None:
        return choice.anonymous
    return choice.pick(subject.hashed) if choice.edges and subject.hashed is not None else choice.control
