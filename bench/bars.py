"""What must hold, and whether it did."""

from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct

from bench.dashboard import FIRST_LIST, FIRST_MATRIX, IN_MATRIX, SCROLLING, TOGGLING, TYPING
from bench.engines import Comparison
from bench.live import Live
from bench.management import AUDIT, CLONE, LISTED, SEARCH, TOGGLE, Task
from bench.rows import Row
from bench.traffic import CHANGED, FLAGS, TRANSIENT
from bench.workloads import USUAL

RATIOS: Final = {FLAGS.name: 0.80, TRANSIENT.name: 0.50, CHANGED.name: 0.18}
"""Least share of bare speed, by route, for the usual workload."""
SQLITE_ALONE: Final = frozenset({TRANSIENT.name})
"""Routes with a bar on SQLite only: on PostgreSQL what is stored about a visitor is a round trip away."""
ENGINE_TIMES: Final = 20
OTHER_WORKER_MS: Final = 50
STREAM_MS: Final = 100
COLD_START_SECONDS: Final = 3
RSS_MB: Final = 150


INTERACTION_MS: Final = 100
DASHBOARD_P95_MS: Final = {
    **dict.fromkeys((FIRST_LIST, FIRST_MATRIX), 1_000),
    **{act + where: INTERACTION_MS for act in (TOGGLING, TYPING, SCROLLING) for where in ("", IN_MATRIX)},
}
"""Most that a person waits for the picture, with a thousand features in six environments."""
MANAGEMENT_P95_MS: Final = {LISTED: 100, TOGGLE: 40, AUDIT: 50, SEARCH: 50, CLONE: 5_000}
"""Most that a person waits, with a thousand features and a hundred thousand identities."""


class Bar(Struct, frozen=True):
    """`limit` is the least when `at_least`, else the most."""

    name: str
    found: float
    limit: float
    at_least: bool

    @property
    def met(self) -> bool:
        return self.found >= self.limit if self.at_least else self.found <= self.limit


def bars(
    rows: Iterable[Row], comparisons: Iterable[Comparison], lives: Iterable[Live], tasks: Iterable[Task] = ()
) -> list[Bar]:
    """The bars for which something was measured."""
    found = [
        Bar(f"{row.route}, {row.workload}, {row.store}: share of bare", row.ratio, RATIOS[row.route], at_least=True)
        for row in rows
        if row.workload == USUAL.name
        and row.route in RATIOS
        and (row.store == "sqlite" or row.route not in SQLITE_ALONE)
    ]
    found += [
        Bar(f"engine {one.workload}: times the official one", one.ratio, ENGINE_TIMES, at_least=True)
        for one in comparisons
    ]
    for live in lives:
        found += _live(live)
    for task in tasks:
        limit = (MANAGEMENT_P95_MS | DASHBOARD_P95_MS)[task.task]
        found.append(Bar(f"{task.store}: {task.task}, p95 ms", task.p95_ms, limit, at_least=False))
        if task.task == TOGGLE:
            found.append(Bar(f"{task.store}: next reads that missed a toggle", task.missed, 0, at_least=False))
    return found


def _live(live: Live) -> list[Bar]:
    name = live.store
    at_most: Callable[[str, float, float], Bar] = lambda what, value, limit: Bar(  # noqa: E731
        f"{name}: {what}", value, limit, at_least=False
    )
    return [
        at_most("next reads that missed a change", live.missed_reads, 0),
        at_most("change seen by another worker, p99 ms", live.other_worker.p99_ms, OTHER_WORKER_MS),
        at_most("change told to a stream, p99 ms", live.stream.p99_ms, STREAM_MS),
        at_most("cold start to the first answer, s", live.cold_start_seconds, COLD_START_SECONDS),
        at_most("memory of a worker, MB", live.rss_mb, RSS_MB),
    ]
