"""The table of routes: each one and bare bytes of the same size, alternating, on one server process."""

import http.client
import itertools
import shutil
import statistics
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from bench import machine
from bench.generators import Burst, Generator
from bench.processes import served
from bench.served import BARE, ServedConfig
from bench.traffic import Shape, filled
from bench.workloads import Workload

ROUNDS: Final = 5
BUSY: Final = 0.9
"""Below this share of a core the server was not the one to wait for."""
_NEVER_AGAIN: Final = itertools.count(1_000_000, 1_000_000)
"""Where the counts of a burst begin; no burst sends as many as a million requests."""


class Sample(Struct, frozen=True):
    """One burst, seen from both sides."""

    burst: Burst
    cpu_us: float
    busy: float


class Row(Struct, frozen=True, kw_only=True):
    workload: str
    store: str
    route: str
    body_bytes: int
    ratio: float
    cpu_us: float
    bare_us: float
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    busy: float
    rss_mb: float

    @property
    def generator_bound(self) -> bool:
        return self.busy < BUSY


class Bench(Struct, frozen=True):
    """A server and what asks it."""

    pid: int
    port: int
    generator: Generator
    seconds: float

    def body_bytes(self, shape: Shape) -> int:
        """How large the answer is. Raises unless it is 200."""
        text = shape.texts()[-1]
        head, _, body = filled(text, 0, next(_NEVER_AGAIN)).partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if not line.startswith(("Content-Length", "Host")))
        method, path, _ = lines[0].split(" ")
        answer, content = self._ask(method, path, body, headers)
        if answer != 200:
            raise RuntimeError(f"{shape.name} answered {answer}: {content[:300]!r}")
        return len(content)

    def make_bare(self, size: int) -> str:
        """The path of a route with that many constant bytes."""
        path = f"{BARE}{size}"
        self._ask("GET", path, b"", {})
        return path

    def sample(self, texts: list[str], connections: int) -> Sample:
        """Load for the given seconds. Raises if a request failed."""
        first = next(_NEVER_AGAIN)
        cpu, wall = machine.cpu_seconds(self.pid), time.perf_counter()
        burst = self.generator.load(self.port, texts, connections=connections, seconds=self.seconds, first=first)
        used, passed = machine.cpu_seconds(self.pid) - cpu, time.perf_counter() - wall
        if burst.failed or not burst.requests:
            raise RuntimeError(f"{burst.failed} of {burst.requests} requests failed: {texts[0][:200]}")
        # The server idles while the generator starts and ends, so that time is not held against it.
        return Sample(burst, used / burst.requests * 1e6, used / min(burst.seconds, passed))

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def row(bench: Bench, shape: Shape, workload: str, store: str, rounds: int = ROUNDS) -> Row:
    size = bench.body_bytes(shape)
    bare_texts = shape.texts(bench.make_bare(size))
    bench.sample(shape.texts(), shape.connections)
    bare, route = [], []
    for _ in range(rounds):
        bare.append(bench.sample(bare_texts, shape.connections))
        route.append(bench.sample(shape.texts(), shape.connections))
    bare_us, route_us = median(one.cpu_us for one in bare), median(one.cpu_us for one in route)
    return Row(
        workload=workload,
        store=store,
        route=shape.name,
        body_bytes=size,
        ratio=bare_us / route_us,
        cpu_us=route_us,
        bare_us=bare_us,
        requests_per_second=median(one.burst.requests / one.burst.seconds for one in route),
        p50_ms=median(one.burst.p50_ms for one in route),
        p99_ms=median(one.burst.p99_ms for one in route),
        busy=median(one.busy for one in route),
        rss_mb=machine.rss_megabytes(bench.pid),
    )


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


class Tables(Struct, frozen=True):
    """Databases with the real tables: a file to copy, and a conninfo where there is a PostgreSQL."""

    sqlite: Path
    postgresql: str | None


def rows(
    workload: Workload,
    shapes: Iterable[Shape],
    *,
    store: str,
    tables: Tables,
    folder: Path,
    generator: Generator,
    seconds: float,
    rounds: int,
) -> Iterator[Row]:
    """A new server process for the workload, and its rows one by one."""
    place = folder / f"{store}-{workload.flags}"
    place.mkdir()
    if store == "sqlite":
        path = shutil.copy(tables.sqlite, place / "bench.sqlite3")
        config = ServedConfig(flags=workload.flags, segments=workload.segments, folder=str(place), sqlite=str(path))
    else:
        config = ServedConfig(
            flags=workload.flags, segments=workload.segments, folder=str(place), postgresql=tables.postgresql
        )
    with served(config) as (pid, port):
        bench = Bench(pid, port, generator, seconds)
        for shape in shapes:
            yield row(bench, shape, workload.name, store, rounds)
