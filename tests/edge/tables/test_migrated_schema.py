"""The edge's own SQL against the tables that Django's migrations make."""

import asyncio
import shutil
import uuid
from pathlib import Path

import pytest

from burgee.edge.counting import Told
from burgee.edge.feed.inprocess import InProcessFeed
from burgee.edge.feed.postgresql import postgresql_source
from burgee.edge.feed.sqlite import sqlite_source
from burgee.edge.identities.protocol import TraitPatch
from burgee.edge.store import Store
from burgee.edge.usage.counters import UsageCounters
from burgee.edge.usage.postgresql import PostgresqlUsage
from burgee.edge.usage.sqlite import SqliteUsage
from tests.edge.feed.publisher import Publisher, change, snapshot
from tests.edge.usage.telling import read_out
from tests.services.databases import LONG, Database, PostgresqlDatabase, SqliteDatabase, on_postgresql
from tests.services.migrated import migrated_file
from tests.services.postgresql import PostgresqlServer

pytestmark = pytest.mark.process


@pytest.fixture(params=["sqlite", on_postgresql])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        return SqliteDatabase(tmp_path / "burgee.db", lambda path: shutil.copy(migrated_file(), path))
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    name = f"m{uuid.uuid4().hex}"
    return PostgresqlDatabase(server.conninfo(name), lambda _: server.create_migrated(name))


def test_the_statements_of_the_edge_fit_the_migrated_tables(migrated: Database) -> None:
    is_sqlite = isinstance(migrated, SqliteDatabase)

    async def story() -> None:
        store = migrated.traits_store(limits=LONG)
        await store.start()
        patch = TraitPatch(environment_id=1, identifier="ann", set={"f": 1.0})
        row = await store.apply(patch)
        again = await store.apply(TraitPatch(environment_id=1, identifier="ann", increment={"n": 1}, delete=("f",)))
        assert (again.id, again.traits, again.numbers) == (row.id, {"n": 1}, {"f": 1, "n": 2})
        assert (await store.read(1, "ann")) is not None
        await store.close()

        sink = SqliteUsage(migrated.path) if is_sqlite else PostgresqlUsage(migrated.conninfo)
        for _ in range(2):
            counters = UsageCounters(sink)
            await counters.start()
            counters.request(1, "environment-document", "")
            counters.evaluations(1, [("f", None, True, 2)], "flagsmith-python/6\x1fshop\x1f1", "client")
            counters.server_key("digest")
            counters.told(Told(1, [read_out("blue"), read_out(None, enabled=False)]))
            await counters.close()

        publisher = Publisher(migrated)
        publisher.publish(snapshot())
        served = Store()
        feed = InProcessFeed(sqlite_source(migrated.path) if is_sqlite else postgresql_source(migrated.conninfo))
        await feed.start(served)
        publisher.publish(change(revision=2, enabled=True))
        await feed.reconcile()
        assert served.versions() == {1: (1, 2)}
        await feed.close()

    asyncio.run(story())
    assert migrated.query("SELECT sum(count) FROM usage_request")[0][0] == 2
    assert migrated.query("SELECT sum(count) FROM usage_evaluation")[0][0] == 4
    assert migrated.query("SELECT form, value, count FROM usage_outcome ORDER BY form") == [
        ("nothing", "", 2),
        ("text", "blue", 2),
    ]
