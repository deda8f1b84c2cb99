"""How many requests took how long, by plane, group of routes and status: a few numbers in memory a route."""

import re
import threading
from bisect import bisect_right
from collections.abc import Coroutine, Iterable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import msgspec

from burgee.edge.later import Answer, Later
from burgee.edge.request import EdgeRequest
from burgee.edge.response import EdgeResponse
from burgee.edge.routes import Route, settle

BOUNDS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Seconds; beyond the last one there is one more bucket."""

Cell = list[float]
"""A count for each bucket, and behind them the sum of the seconds."""

Key = tuple[str, str, int]
"""Plane, group, status: as many as there are tags of views and statuses."""

Rows = list[tuple[Key, Cell]]


class Tallies:
    """What this process counts, with what others of the same port have written into `folder`."""

    def __init__(self, folder: Path | None = None, index: int = 0) -> None:
        self._cells: dict[Key, Cell] = {}
        self._lock = threading.Lock()
        self._folder = folder
        self._own = None if folder is None else folder / f"{index}.json"
        if self._own is not None:
            # Whoever had this place before has ended; counters must not fall.
            self._cells.update(_read(self._own))

    def cell(self, key: Key) -> Cell:
        return self._cells.setdefault(key, [0.0] * (len(BOUNDS) + 2))

    def control(self, group: str, status: int, seconds: float) -> None:
        """A watcher of the control plane, called from many threads."""
        with self._lock:
            add(self.cell(("control", group, status)), seconds)

    def watch(self, path: str, route: Route) -> "CountedRoute":
        """Put around each route of the data plane."""
        return CountedRoute(self, group_of(path), route)

    def rows(self) -> Iterator[tuple[Key, Cell]]:
        """Summed over all processes of the port."""
        sums: dict[Key, Cell] = {}
        for key, cell in [*self._cells.items(), *self._others()]:
            before = sums.get(key)
            sums[key] = list(cell) if before is None else [a + b for a, b in zip(before, cell, strict=True)]
        yield from sorted(sums.items())

    def save(self) -> None:
        """For the other processes; one that reads never sees half of it."""
        if self._own is not None:
            draft = self._own.with_suffix(".new")
            draft.write_bytes(msgspec.json.encode(list(self._cells.items())))
            draft.replace(self._own)

    def _others(self) -> Iterable[tuple[Key, Cell]]:
        if self._folder is None:
            return
        for path in self._folder.glob("*.json"):
            if path != self._own:
                yield from _read(path)


class CountedRoute:
    """A route of the data plane, with a counter; only the event loop counts here, so there is no lock."""

    __slots__ = ("_cells", "_group", "_route", "_tallies")

    def __init__(self, tallies: Tallies, group: str, route: Route) -> None:
        self._tallies = tallies
        self._group = group
        self._route = route
        self._cells: dict[int, Cell] = {}

    def handle(self, request: EdgeRequest) -> Answer:
        began = perf_counter()
        answer = self._route.handle(request)
        if isinstance(answer, EdgeResponse):
            self._count(answer.status, perf_counter() - began)
            return answer
        if isinstance(answer, Later):
            return answer.through(partial(self._counted, began))
        return self._later(answer, began)

    def serves(self, method: bytes) -> bool:
        return self._route.serves(method)

    async def _later(self, answer: Coroutine[Any, Any, EdgeResponse], began: float) -> EdgeResponse:
        return self._counted(began, await settle(answer))

    def _counted(self, began: float, response: EdgeResponse) -> EdgeResponse:
        self._count(response.status, perf_counter() - began)
        return response

    def _count(self, status: int, seconds: float) -> None:
        cell = self._cells.get(status)
        if cell is None:
            cell = self._cells[status] = self._tallies.cell(("edge", self._group, status))
        add(cell, seconds)


def add(cell: Cell, seconds: float) -> None:
    cell[bisect_right(BOUNDS, seconds)] += 1
    cell[-1] += seconds


def group_of(path: str) -> str:
    """The first word of a path or pattern that says something: flags, identities, ofrep, …"""
    words: list[str] = re.findall(r"[a-z-]{3,}", path)
    return next(word for word in words if word != "api")


def _read(path: Path) -> Rows:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Rows)
    except (FileNotFoundError, msgspec.DecodeError):
        return []
