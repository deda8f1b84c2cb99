"""The tables, for people and as JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from bench.bars import Bar
from bench.engines import Comparison, Point
from bench.live import Live
from bench.management import Task
from bench.rows import Row

Cell = str | int | float
ROUTES: Final = (
    ("workload", 9),
    ("store", 10),
    ("route", 33),
    ("bytes", 8),
    ("ratio", 6),
    ("CPU µs", 8),
    ("bare µs", 8),
    ("req/s", 8),
    ("p50 ms", 7),
    ("p99 ms", 7),
    ("core", 5),
    ("MB", 4),
)


class Results(Struct):
    """Everything that one run measured."""

    machine: dict[str, Any]
    generator: str
    rows: list[Row] = []
    comparisons: list[Comparison] = []
    curve: list[Point] = []
    lives: list[Live] = []
    tasks: list[Task] = []
    bars: list[Bar] = []
    notes: list[str] = []

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        found = msgspec.to_builtins(self)
        for row, told in zip(self.rows, found["rows"], strict=True):
            told["generator_bound"] = row.generator_bound
        for comparison, told in zip(self.comparisons, found["comparisons"], strict=True):
            told["ratio"] = comparison.ratio
        for bar, told in zip(self.bars, found["bars"], strict=True):
            told["met"] = bar.met
        path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def say(line: str = "") -> None:
    print(line, flush=True)


def machine(found: dict[str, Any], generator: str) -> None:
    say(f"{found['cores']} cores of {found['processor']}, {found['python']}, {found['system']}")
    say(f"load at start {found['load_at_start']}, generator {generator}, {found['started']}")
    if found["load_at_start"] > found["cores"] / 4:
        say("Note: the machine is not idle; figures will scatter.")


def routes_head() -> None:
    say()
    say("Routes: one worker; ratio = server CPU of bare bytes of the same size ÷ of the route; * = generator-bound")
    say(
        "  ".join(
            name.ljust(width) if place in {0, 1, 2} else name.rjust(width) for place, (name, width) in enumerate(ROUTES)
        )
    )


def route(row: Row) -> None:
    cells: tuple[Cell, ...] = (
        row.workload,
        row.store,
        row.route,
        f"{row.body_bytes:,}",
        f"{row.ratio:.2f}",
        f"{row.cpu_us:.1f}",
        f"{row.bare_us:.1f}",
        f"{row.requests_per_second:,.0f}",
        f"{row.p50_ms:.2f}",
        f"{row.p99_ms:.2f}",
        f"{row.busy:.0%}",
        f"{row.rss_mb:.0f}",
    )
    padded = [
        str(cell).ljust(width) if place in {0, 1, 2} else str(cell).rjust(width)
        for place, (cell, (_, width)) in enumerate(zip(cells, ROUTES, strict=True))
    ]
    say("  ".join(padded) + (" *" if row.generator_bound else ""))


def comparison_head() -> None:
    say()
    say("Engine alone: CPU µs an evaluation of all flags, on the same contexts, with the same answers")
    say(f"{'workload':9}  {'official':>9}  {'ours':>7}  {'ratio':>6}  {'with segments':>13}  {'one call':>9}")


def comparison(one: Comparison) -> None:
    say(
        f"{one.workload:9}  {one.official:9.1f}  {one.ours:7.2f}  {one.ratio:6.1f}  {one.with_segments:13.2f}"
        f"  {one.one_call:9.1f}"
    )


def curve(points: Sequence[Point]) -> None:
    segments = sorted({point.segments for point in points})
    say()
    say("Cost over flags and segments: CPU µs an evaluation (segments that an identity is in, on average)")
    say("flags \\ segments" + "".join(f"{count:>16}" for count in segments))
    for flags in sorted({point.flags for point in points}):
        told = {point.segments: f"{point.ours:.1f} ({point.matched:.1f})" for point in points if point.flags == flags}
        say(f"{flags:<16}" + "".join(f"{told[count]:>16}" for count in segments))


def live(found: Live) -> None:
    say()
    say(f"A running server on {found.store}: burgee up, and burgee edge beside it")
    for name, value in found.lines():
        say(f"  {name:62} {value}")


MANAGEMENT: Final = (
    "Management API of burgee up, over a large project: how long people wait, and server CPU with its worker's"
)
DASHBOARD: Final = (
    "Dashboard in Chromium, over the large project: until it is painted, and server CPU with its worker's"
)


def tasks_head(title: str) -> None:
    say()
    say(title)
    say(f"{'store':10}  {'task':40}  {'count':>5}  {'p50 ms':>8}  {'p95 ms':>8}  {'worst':>8}  {'CPU ms':>8}")


def task(one: Task) -> None:
    say(
        f"{one.store:10}  {one.task:40}  {one.count:5}  {one.p50_ms:8.1f}  {one.p95_ms:8.1f}  {one.worst_ms:8.1f}"
        f"  {one.cpu_ms:8.1f}"
    )


def bars(found: Sequence[Bar]) -> None:
    say()
    say("Bars")
    for bar in found:
        sign = "≥" if bar.at_least else "≤"
        say(f"  {'met   ' if bar.met else 'MISSED'}  {bar.name}: {bar.found:.2f} ({sign} {bar.limit:g})")


def notes(found: Sequence[str]) -> None:
    for note in found:
        say(f"Note: {note}")
