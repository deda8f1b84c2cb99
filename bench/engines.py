"""The engine alone: against the official one on the same contexts, and how its cost grows."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from flag_engine import engine as flag_engine
from msgspec import Struct

from bench.workloads import CLIENT_KEY, ENVIRONMENT_NAME, LARGE, USUAL, Workload, context, delta, settings, traits
from burgee import engine
from burgee.wire import compiling
from burgee.wire.snapshot import Delta, FlagPart, SegmentPart

IDENTITIES: Final = 2_000
CHECKED: Final = 100
"""For how many of them the answers of both engines are compared."""
COMPARED: Final = (USUAL, LARGE)
CURVE_FLAGS: Final = (50, 350, 2_000)
CURVE_SEGMENTS: Final = (0, 20, 100, 500)

Told = tuple[str, bool, Any, str | None]
official: Final[Callable[[Any], Any]] = flag_engine.get_evaluation_result


class Comparison(Struct, frozen=True):
    """Microseconds an evaluation; `with_segments` also lists the segments, as the official engine always does."""

    workload: str
    official: float
    ours: float
    with_segments: float
    one_call: float
    identities: int

    @property
    def ratio(self) -> float:
        return self.official / self.ours


class Point(Struct, frozen=True):
    """One place of the curve: `matched` is how many segments an identity is in, on average."""

    flags: int
    segments: int
    ours: float
    matched: float


def ruleset(snapshot: Delta) -> engine.Ruleset[Told]:
    parts = snapshot.parts.values()
    return engine.Ruleset(
        engine.Environment(CLIENT_KEY, ENVIRONMENT_NAME),
        [compiling.segment_unit(part) for part in parts if isinstance(part, SegmentPart)],
        [compiling.flag_unit(part, settings(), _told) for part in parts if isinstance(part, FlagPart)],
    )


def _told(outcome: engine.Outcome, _source: compiling.Source) -> Told:
    return outcome.flag, outcome.enabled, outcome.value, outcome.variant


def microseconds(call: Callable[[], object], calls: int, *, seconds: float, rounds: int = 5) -> float:
    """Median over the rounds of the CPU time that one of the `calls` in `call` takes."""
    found = []
    for _ in range(rounds):
        times = 0
        started = time.process_time()
        until = time.perf_counter() + seconds / rounds
        while not times or time.perf_counter() < until:
            call()
            times += 1
        found.append((time.process_time() - started) / (times * calls) * 1e6)
    return statistics.median(found)


def compare(workload: Workload, seconds: float) -> Comparison:
    """Raises AssertionError when the engines disagree about anybody."""
    snapshot = delta(workload)
    rules = ruleset(snapshot)
    people = [(f"person-{number}", traits(number)) for number in range(IDENTITIES)]
    contexts = [context(snapshot, identifier, given) for identifier, given in people[:CHECKED]]
    _agree(rules, people[:CHECKED], contexts)

    def evaluate() -> None:
        for identifier, given in people:
            rules.evaluate(engine.Identity(identifier, "", given))

    def evaluate_and_list() -> None:
        for identifier, given in people:
            identity = engine.Identity(identifier, "", given)
            rules.evaluate(identity)
            rules.matching_segments(identity)

    few = contexts[:5]
    return Comparison(
        workload.name,
        official=microseconds(lambda: [official(one) for one in few], len(few), seconds=seconds),
        ours=microseconds(evaluate, len(people), seconds=seconds),
        with_segments=microseconds(evaluate_and_list, len(people), seconds=seconds),
        one_call=microseconds(lambda: [engine.evaluate_context(one) for one in few], len(few), seconds=seconds),
        identities=IDENTITIES,
    )


def _agree(
    rules: engine.Ruleset[Told], people: Sequence[tuple[str, dict[str, Any]]], contexts: Sequence[dict[str, Any]]
) -> None:
    for (identifier, given), one in zip(people, contexts, strict=True):
        expected = official(one)["flags"]
        for name, enabled, value, _ in rules.evaluate(engine.Identity(identifier, "", given)):
            told = expected[name]
            if (told["enabled"], told["value"]) != (enabled, value):
                raise AssertionError(f"the engines disagree about {name} for {identifier}")


def curve(seconds: float) -> list[Point]:
    return [_point(Workload(flags, segments), seconds) for flags in CURVE_FLAGS for segments in CURVE_SEGMENTS]


def _point(workload: Workload, seconds: float) -> Point:
    rules = ruleset(delta(workload))
    people = [engine.Identity(f"person-{number}", "", traits(number)) for number in range(IDENTITIES)]
    matched = statistics.mean(len(rules.matching_segments(one)) for one in people)
    cost = microseconds(lambda: [rules.evaluate(one) for one in people], len(people), seconds=seconds)
    return Point(workload.flags, workload.segments, cost, matched)
