"""``python -m bench``: measures, prints the tables, writes build/bench.json."""

import argparse
import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
from msgspec import Struct

from bench import dashboard, engines, live, machine, management, processes, report, rows
from bench.bars import bars
from bench.generators import Generator, generator
from bench.management_seed import Size
from bench.report import Results
from bench.traffic import CHANGED, IDENTITY_GET, READING, TRANSIENT, UNCHANGED, Shape
from bench.workloads import USUAL, WORKLOADS
from tests.services.binaries import newest_folder
from tests.services.postgresql import running_postgresql

PARTS: Final = ("routes", "engine", "curve", "live", "management", "dashboard")
RESULTS: Final = processes.ROOT / "build" / "bench.json"
_STORED: Final = (TRANSIENT, UNCHANGED, IDENTITY_GET, CHANGED)


class Plan(Struct, frozen=True, kw_only=True):
    """How much is measured."""

    workloads: tuple[str, ...]
    rounds: int
    burst_seconds: float
    engine_seconds: float
    changes: int
    listed_features: int
    requests: int


FULL: Final = Plan(
    workloads=tuple(one.name for one in WORKLOADS),
    rounds=rows.ROUNDS,
    burst_seconds=1,
    engine_seconds=1,
    changes=200,
    listed_features=1_000,
    requests=200,
)
QUICK: Final = Plan(
    workloads=(USUAL.name,),
    rounds=3,
    burst_seconds=1,
    engine_seconds=0.4,
    changes=40,
    listed_features=1_000,
    requests=60,
)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the speed of Burgee.")
    parser.add_argument("--quick", action="store_true", help="only the usual workload, and fewer rounds")
    parser.add_argument("--only", help=f"some of the parts, comma-separated: {','.join(PARTS)}")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    parser.add_argument("--bundled", action="store_true", help="use the bundled generator although wrk is there")
    parser.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    given = parser.parse_args()
    given.only = PARTS if given.only is None else tuple(given.only.split(","))
    unknown = set(given.only) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return given


def main() -> int:
    given = options()
    plan = QUICK if given.quick else FULL
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="burgee-bench-")))
        load = stack.enter_context(generator(bundled=given.bundled))
        results = Results(machine.description(), load.name)
        report.machine(results.machine, load.name)
        if "engine" in given.only:
            measure_engine(results, plan)
        if "curve" in given.only:
            results.curve = engines.curve(plan.engine_seconds / 2)
            report.curve(results.curve)
        if {"routes", "live", "management"} & set(given.only):
            conninfos = None if given.sqlite_only else stack.enter_context(postgresql(results))
            if "routes" in given.only:
                measure_routes(results, plan, folder, load, conninfos)
            if "live" in given.only:
                measure_live(results, plan, folder, load, conninfos)
            if "management" in given.only:
                measure_management(results, plan, folder, conninfos)
        if "dashboard" in given.only:
            measure_dashboard(results, folder)
    return conclude(results, check=given.check)


def conclude(results: Results, *, check: bool) -> int:
    results.bars = bars(results.rows, results.comparisons, results.lives, results.tasks)
    report.bars(results.bars)
    report.notes(results.notes)
    results.write(RESULTS)
    report.say(f"Written to {RESULTS.relative_to(processes.ROOT)}")
    return int(check and not all(bar.met for bar in results.bars))


def measure_engine(results: Results, plan: Plan) -> None:
    report.comparison_head()
    for workload in engines.COMPARED:
        results.comparisons.append(engines.compare(workload, plan.engine_seconds))
        report.comparison(results.comparisons[-1])


class Conninfos(Struct, frozen=True):
    """Empty databases of one PostgreSQL: for the route rows, for the running server, and for the large project."""

    routes: str
    live: str
    management: str


@contextlib.contextmanager
def postgresql(results: Results) -> Iterator[Conninfos | None]:
    """A private cluster, or None with a note when there are no binaries."""
    if shutil.which("initdb", path=newest_folder("/usr/lib/postgresql/*/bin") or None) is None:
        results.notes.append("PostgreSQL is not installed; its rows are missing.")
        yield None
        return
    with running_postgresql() as server:
        # Tests do without it; here a commit must cost what it costs.
        with psycopg.connect(server.conninfo(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = on")
            connection.execute("SELECT pg_reload_conf()")
        yield Conninfos(*(server.create_database(name) for name in Conninfos.__struct_fields__))


def url(conninfo: str) -> str:
    given = dict(item.split("=", 1) for item in conninfo.split())
    return f"postgresql://{given['user']}@{given['host']}:{given['port']}/{given['dbname']}"


def measure_routes(results: Results, plan: Plan, folder: Path, load: Generator, conninfos: Conninfos | None) -> None:
    data = folder / "tables"
    data.mkdir()
    processes.migrated(data)
    if conninfos is not None:
        processes.migrated(data, DATABASE_URL=url(conninfos.routes))
    tables = rows.Tables(data / "burgee.sqlite3", None if conninfos is None else conninfos.routes)
    report.routes_head()
    for workload in WORKLOADS:
        if workload.name not in plan.workloads:
            continue
        stores: dict[str, tuple[Shape, ...]] = {"sqlite": (*READING, CHANGED)}
        if workload is USUAL and conninfos is not None:
            stores["postgresql"] = _STORED
        for store, shapes in stores.items():
            for row in rows.rows(
                workload,
                shapes,
                store=store,
                tables=tables,
                folder=folder,
                generator=load,
                seconds=plan.burst_seconds,
                rounds=plan.rounds,
            ):
                results.rows.append(row)
                report.route(row)


def measure_live(results: Results, plan: Plan, folder: Path, load: Generator, conninfos: Conninfos | None) -> None:
    urls = {"sqlite": None} if conninfos is None else {"sqlite": None, "postgresql": url(conninfos.live)}
    for store, database_url in urls.items():
        place = folder / f"live-{store}"
        place.mkdir()
        found = live.measure(
            store,
            database_url,
            folder=place,
            load=load,
            changes=plan.changes,
            listed_features=plan.listed_features if store == "sqlite" else 0,
        )
        results.lives.append(found)
        report.live(found)


def measure_management(results: Results, plan: Plan, folder: Path, conninfos: Conninfos | None) -> None:
    urls = {"sqlite": None} if conninfos is None else {"sqlite": None, "postgresql": url(conninfos.management)}
    report.tasks_head(report.MANAGEMENT)
    for store, database_url in urls.items():
        place = folder / f"management-{store}"
        place.mkdir()
        for task in management.measure(store, database_url, folder=place, size=Size(), requests=plan.requests):
            results.tasks.append(task)
            report.task(task)


def measure_dashboard(results: Results, folder: Path) -> None:
    if dashboard.chromium() is None:
        results.notes.append("Chromium is not installed; the dashboard's rows are missing.")
        return
    place = folder / "dashboard"
    place.mkdir()
    report.tasks_head(report.DASHBOARD)
    for task in dashboard.measure(folder=place, size=Size()):
        results.tasks.append(task)
        report.task(task)


if __name__ == "__main__":
    sys.exit(main())
