"""What was acknowledged is in the store in the end, whatever dies meanwhile."""

import asyncio
import contextlib
import json
import multiprocessing
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from burgee.edge.identities.durable import DurableTraits
from burgee.edge.identities.group_commit import WriterLimits
from burgee.edge.identities.journal import Journal, JournalLimits
from burgee.edge.identities.postgresql import PostgresqlTraits
from burgee.edge.identities.protocol import Applied, StoreUnavailable, TraitPatch
from tests.services.databases import LONG, PostgresqlDatabase, SqliteDatabase
from tests.services.polling import until
from tests.services.postgresql import running_postgresql
from tests.services.schema import create_postgresql_tables

pytestmark = pytest.mark.process
QUICK = WriterLimits(timeout=1)


def patch(identifier: str = "ann", **parts: Any) -> TraitPatch:
    return TraitPatch(environment_id=7, identifier=identifier, **parts)


def journal_in(folder: Path, **limits: int) -> Journal:
    return Journal(folder / "journal", JournalLimits(**{"free": 0, **limits}))


async def recovered(traits: DurableTraits) -> None:
    await until(lambda: not traits.degraded)


def test_patches_outlive_a_stopped_database_in_their_order(tmp_path: Path) -> None:
    async def story(server: Any) -> None:
        traits = DurableTraits(PostgresqlTraits(server.conninfo(), limits=QUICK), journal_in(tmp_path))
        await traits.start()
        assert not (await traits.apply(patch(set={"before": 1}))).degraded
        await asyncio.to_thread(server.stop)
        for n in range(5):
            answer = await traits.apply(patch(set={"last": n, f"k{n}": n}, delete=(f"k{n - 1}",)))
            assert answer.degraded
            assert answer.row.traits["last"] == n
        assert (await traits.read(7, "ann")).traits == {"last": 4, "k4": 4}
        with pytest.raises(StoreUnavailable):
            await traits.apply(patch(increment={"n": 1}))
        await asyncio.to_thread(server.start)
        await recovered(traits)
        row = (await traits.apply(patch(set={"after": 1}))).row
        assert row.traits == {"before": 1, "last": 4, "k4": 4, "after": 1}
        await traits.close()

    with running_postgresql() as server:
        create_postgresql_tables(server.conninfo())
        asyncio.run(story(server))


def test_a_locked_database_degrades_and_recovers_under_load(sqlite_database: SqliteDatabase, tmp_path: Path) -> None:
    async def story() -> dict[str, int]:
        store = sqlite_database.traits_store(limits=WriterLimits(timeout=0.1))
        traits = DurableTraits(store, journal_in(tmp_path), local_reads=True)
        await traits.start()
        first = await traits.apply(patch("u0", set={"stored": True}))
        acknowledged: dict[str, int] = {}
        seen: set[bool] = set()

        async def client(number: int) -> None:
            for n in range(60):
                answer = await traits.apply(patch(f"u{number}", set={"n": n}))
                seen.add(answer.degraded)
                acknowledged[f"u{number}"] = n
                if number == 0:
                    assert answer.row.id == first.row.id
                    assert answer.row.traits == {"stored": True, "n": n}
                await asyncio.sleep(0.005)

        async def lock() -> None:
            locker = await asyncio.to_thread(Locker, sqlite_database.path)
            await until(lambda: True in seen)
            locker.release()

        await asyncio.gather(lock(), *[client(number) for number in range(10)])
        await recovered(traits)
        assert not (await traits.apply(patch("u1"))).degraded
        await traits.close()
        return acknowledged

    acknowledged = asyncio.run(story())
    stored = dict(sqlite_database.query("SELECT identifier, traits FROM identities_identity"))
    assert {who: json.loads(stored[who])["n"] for who in acknowledged} == acknowledged


class Locker:
    """Another process that holds the write lock of an SQLite file."""

    def __init__(self, path: Path) -> None:
        code = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('BEGIN IMMEDIATE'); print(1,flush=True); input()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def release(self) -> None:
        self._process.communicate("\n")


def test_the_journal_of_a_dead_process_is_replayed_at_the_next_start(
    sqlite_database: SqliteDatabase, tmp_path: Path
) -> None:
    async def without_store() -> None:
        missing = SqliteDatabase.__new__(SqliteDatabase)
        missing.path = tmp_path / "missing.db"
        traits = DurableTraits(missing.traits_store(limits=QUICK), journal_in(tmp_path))
        await traits.start()
        assert (await traits.apply(patch(set={"a": 1}))).degraded
        assert (await traits.apply(patch(delete=("a",), set={"b": 2.0}))).row.traits == {"b": 2.0}
        await traits.close()

    async def with_store() -> None:
        traits = DurableTraits(sqlite_database.traits_store(limits=LONG), journal_in(tmp_path))
        await traits.start()
        assert traits.degraded
        await recovered(traits)
        row = await traits.read(7, "ann")
        assert row is not None
        assert row.traits == {"b": 2.0}
        await traits.close()

    asyncio.run(without_store())
    asyncio.run(with_store())


def test_many_patches_at_once_reach_the_journal_in_their_order(sqlite_database: SqliteDatabase, tmp_path: Path) -> None:
    async def story() -> None:
        store = sqlite_database.traits_store(limits=WriterLimits(timeout=0.1))
        traits = DurableTraits(store, journal_in(tmp_path))
        await traits.start()
        locker = await asyncio.to_thread(Locker, sqlite_database.path)
        outcomes = await traits.apply_many([patch(set={"n": n, f"k{n}": n}) for n in range(50)])
        assert [outcome.degraded for outcome in outcomes] == [True] * 50
        again = await traits.apply_many([patch(set={"n": -n}) for n in range(5)])
        assert [outcome.row.traits["n"] for outcome in again] == [-4] * 5
        await asyncio.to_thread(locker.release)
        await recovered(traits)
        row = await traits.read(7, "ann")
        assert row is not None
        assert row.traits == {"n": -4, **{f"k{n}": n for n in range(50)}}
        await traits.close()

    asyncio.run(story())


def test_without_store_and_journal_nothing_is_acknowledged(tmp_path: Path) -> None:
    async def story() -> None:
        missing = SqliteDatabase.__new__(SqliteDatabase)
        missing.path = tmp_path / "missing.db"
        traits = DurableTraits(missing.traits_store(limits=QUICK), journal_in(tmp_path, size=150))
        await traits.start()
        (kept,) = await traits.apply_many([patch("ann", set={"a": 1})])
        (refused,) = await traits.apply_many([patch("bob", set={"a": "x" * 200})])
        assert isinstance(kept, Applied)
        assert isinstance(refused, StoreUnavailable)
        assert refused.retry_after > 0
        assert await traits.read(7, "ann") is not None
        with pytest.raises(StoreUnavailable):
            await traits.read(7, "bob")
        await traits.close()

    asyncio.run(story())


WRITER = """
import asyncio, sys
from pathlib import Path
from burgee.edge.identities.durable import DurableTraits
from burgee.edge.identities.journal import Journal
from burgee.edge.identities.protocol import TraitPatch
from burgee.edge.identities.sqlite import SqliteTraits

async def client(traits, number):
    for n in range(100_000):
        await traits.apply(TraitPatch(environment_id=7, identifier=f"u{number}", set={"n": n, f"k{n % 5}": n}))
        sys.stdout.write(f"{number} {n}\\n")
        sys.stdout.flush()

async def main():
    traits = DurableTraits(SqliteTraits(Path(sys.argv[1])), Journal(Path(sys.argv[2])))
    await traits.start()
    await asyncio.gather(*[client(traits, number) for number in range(20)])

asyncio.run(main())
"""


def test_acknowledged_traits_survive_the_kill_of_their_writer(sqlite_database: SqliteDatabase, tmp_path: Path) -> None:
    arguments = [str(sqlite_database.path), str(tmp_path / "journal")]
    with subprocess.Popen([sys.executable, "-c", WRITER, *arguments], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(2000)]
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.readlines()
    acknowledged = {}
    for line in lines:
        with contextlib.suppress(ValueError):
            number, n = line.split()
            acknowledged[f"u{number}"] = int(n)
    assert len(acknowledged) == 20
    stored = dict(sqlite_database.query("SELECT identifier, traits FROM identities_identity"))
    for who, n in acknowledged.items():
        assert json.loads(stored[who])["n"] >= n
    assert sqlite_database.query("PRAGMA integrity_check") == [("ok",)]


def write_keys(conninfo: str, prefix: str) -> None:
    async def story() -> None:
        store = PostgresqlTraits(conninfo, limits=LONG)
        await store.start()
        for n in range(15):
            patches = [patch(f"u{who}", set={f"{prefix}{n}": n}, increment={"sum": 1}) for who in range(10)]
            for outcome in await store.apply_many(patches):
                if isinstance(outcome, Exception):
                    raise outcome
        await store.close()

    asyncio.run(story())


@pytest.mark.database
def test_four_processes_patch_the_same_identities_and_nothing_is_missing(
    postgresql_database: PostgresqlDatabase,
) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=write_keys, args=(postgresql_database.conninfo, name)) for name in "abcd"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    expected = {f"{name}{n}": n for name in "abcd" for n in range(15)} | {"sum": 60}
    rows = postgresql_database.query("SELECT traits FROM identities_identity")
    assert [json.loads(traits) for (traits,) in rows] == [expected] * 10
    numbers = [number for (number,) in postgresql_database.query("SELECT number FROM identities_traitkey")]
    assert sorted(numbers) == list(range(1, 62))
