"""Places in a chain as text, such as ``3-5,9``: an erasure may reach thousands of lines."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

_RUN: Final = re.compile(r"([0-9]{1,18})(?:-([0-9]{1,18}))?")


def positions_text(positions: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for position in sorted(set(positions)):
        if runs and position == runs[-1][1] + 1:
            runs[-1][1] = position
        else:
            runs.append([position, position])
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)


def runs_in(text: Any) -> list[range]:
    """What `text` names, as runs; none when somebody wrote something else there."""
    found = [_RUN.fullmatch(part) for part in text.split(",")] if isinstance(text, str) else []
    return [range(int(run[1]), int(run[2] or run[1]) + 1) for run in found if run]


def outside(positions: Iterable[int], runs: Iterable[range]) -> Iterator[int]:
    """Those of `positions` that are in none of `runs`."""
    waiting, reach = sorted(runs, key=lambda run: run.start, reverse=True), 0
    for position in sorted(positions):
        while waiting and waiting[-1].start <= position:
            reach = max(reach, waiting.pop().stop)
        if position >= reach:
            yield position
