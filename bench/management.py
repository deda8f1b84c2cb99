"""How long people wait: the management API of `burgee up` over a large project, request by request."""

import itertools
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from bench import machine, processes
from bench.deployment import PAUSE, WAIT_SECONDS, Client, running
from bench.management_seed import Seeded, Size

LISTED: Final = "list of 999 features with their states"
TOGGLE: Final = "toggle, published and visible to SDKs"
CLONE: Final = "environment clone, until it is served"
AUDIT: Final = "audit log, a page of 100 lines"
SEARCH: Final = "identity search, a page of 10"

PAGE: Final = 100
WARM_UPS: Final = 3
CLONES: Final = 3
SEEDING_SECONDS: Final = 180
TERMS: Final = ("user-00012", "customer77.", "0@customer9", "nobody-at-all", "USER-09", "example.com")
"""Searches that few, many, all and no identities match."""


class Task(Struct, frozen=True, kw_only=True):
    """What was asked for `count` times, and how long each answer took; `missed` are those that had no effect."""

    store: str
    task: str
    count: int
    p50_ms: float
    p95_ms: float
    worst_ms: float
    cpu_ms: float
    missed: int = 0


class Desk(Struct, frozen=True):
    """A person at the dashboard: a connection, and the project they look at."""

    port: int
    seeded: Seeded
    api: Client

    def list_features(self, _: int) -> None:
        found = self.api.call("GET", f"{self._project}/features/?page_size=999&environment={self._environment_id}")
        if len(found["results"]) != min(999, found["count"]):
            raise RuntimeError("the list of features is short")

    def read_audit(self, number: int) -> None:
        path = f"/api/v1/organisations/{self.seeded.organisation_id}/audit/?page_size={PAGE}&page={number % 20 + 1}"
        if len(self.api.call("GET", path)["results"]) != PAGE:
            raise RuntimeError("the page of the audit log is short")

    def search(self, number: int) -> None:
        query = TERMS[number % len(TERMS)]
        self.api.call("GET", f"{self._environment}/identities/?page_size=10&q={query}")

    def toggle(self, number: int) -> None:
        body = {"enabled": number % 2 == 0, "feature_state_value": f"toggled {number}"}
        self.api.call("PUT", f"{self._environment}/featurestates/{self.seeded.toggled_state_id}/", body)

    def clone(self, number: int) -> None:
        """Ends when the new environment is no longer being made and its key answers with flags."""
        made = self.api.call("POST", f"{self._environment}/clone/", {"name": f"Clone {number}"})
        path = f"/api/v1/environments/{made['api_key']}/"
        sdk = Client(self.port, {"X-Environment-Key": made["api_key"]})
        _until(lambda: not self.api.call("GET", path)["is_creating"] and sdk.raw("GET", "/api/v1/flags/")[0] == 200)
        sdk.close()

    @property
    def _project(self) -> str:
        return f"/api/v1/projects/{self.seeded.project_id}"

    @property
    def _environment(self) -> str:
        return f"/api/v1/environments/{self.seeded.client_key}"

    @property
    def _environment_id(self) -> int:
        return self.seeded.environment_id


def seeded(folder: Path, database: dict[str, str], size: Size) -> Seeded:
    """Make the project in an empty database."""
    processes.migrated(folder, **database)
    command = [sys.executable, "-m", "bench.management_seed", msgspec.json.encode(size).decode()]
    done = subprocess.run(
        command,
        env=processes.environment(folder, **database),
        cwd=processes.ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=SEEDING_SECONDS,
    )
    if done.returncode:
        raise RuntimeError(f"the project could not be made:\n{done.stderr[-2000:]}")
    return msgspec.json.decode(done.stdout, type=Seeded)


def measure(store: str, database_url: str | None, *, folder: Path, size: Size, requests: int) -> Iterator[Task]:
    """Make the project, start the server over it, and do each task again and again."""
    database = {} if database_url is None else {"DATABASE_URL": database_url}
    known = seeded(folder, database, size)
    with running("up", folder, database, "/health/readiness/", {}) as server:
        desk = Desk(server.port, known, Client(server.port, {"Authorization": f"Token {known.token}"}))
        sdk = Client(server.port, {"X-Environment-Key": known.client_key})

        def is_seen(number: int) -> bool:
            return f"toggled {number}".encode() in sdk.raw("GET", "/api/v1/flags/")[1]

        yield _timed(store, LISTED, desk.list_features, requests, server.process.pid)
        yield _timed(store, TOGGLE, desk.toggle, requests, server.process.pid, has_effect=is_seen)
        yield _timed(store, AUDIT, desk.read_audit, requests, server.process.pid)
        yield _timed(store, SEARCH, desk.search, requests, server.process.pid)
        yield _timed(store, CLONE, desk.clone, CLONES, server.process.pid, warm_ups=0)


def _timed(
    store: str,
    task: str,
    act: Callable[[int], None],
    count: int,
    pid: int,
    *,
    warm_ups: int = WARM_UPS,
    has_effect: Callable[[int], bool] = lambda _: True,
) -> Task:
    numbers = itertools.count()
    for number in itertools.islice(numbers, warm_ups):
        act(number)
    taken, missed, cpu = [], 0, machine.cpu_seconds(pid)
    for number in itertools.islice(numbers, count):
        begun = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - begun) * 1e3)
        missed += not has_effect(number)
    return task_of(store, task, taken, machine.cpu_seconds(pid) - cpu, missed=missed)


def task_of(store: str, task: str, taken: Sequence[float], cpu_seconds: float, *, missed: int = 0) -> Task:
    """What was measured as a row; `taken` in milliseconds."""
    ordered, count = sorted(taken), len(taken)
    p50, p95 = (ordered[min(count - 1, int(count * share))] for share in (0.5, 0.95))
    return Task(
        store=store,
        task=task,
        count=count,
        p50_ms=p50,
        p95_ms=p95,
        worst_ms=ordered[-1],
        cpu_ms=cpu_seconds / count * 1e3,
        missed=missed,
    )


def _until(done: Callable[[], bool]) -> None:
    until = time.perf_counter() + WAIT_SECONDS
    while not done():
        if time.perf_counter() > until:
            raise RuntimeError("the environment is not served")
        time.sleep(PAUSE)
