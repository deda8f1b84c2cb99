"""A change reaches the store of another process, and lost messages heal."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from burgee.edge.feed.file import FileFeed
from burgee.edge.feed.folder import SnapshotFolder
from burgee.edge.feed.inprocess import InProcessFeed
from burgee.edge.feed.postgresql import PostgresqlFeed, postgresql_source
from burgee.edge.feed.protocol import Feed
from burgee.edge.feed.redis import RedisFeed
from burgee.edge.feed.sqlite import SqliteFeed, sqlite_source
from burgee.edge.feed.tables import TableSource
from burgee.edge.store import Store, Verdict
from burgee.wire.snapshot import digest, encode_part
from tests.edge.feed.publisher import Publisher, change, settings_part, snapshot
from tests.services.databases import Database, PostgresqlDatabase, SqliteDatabase
from tests.services.polling import until
from tests.services.redis import running_redis

NEVER = 3600.0


def source_of(database: Database) -> TableSource:
    if isinstance(database, SqliteDatabase):
        return sqlite_source(database.path)
    return postgresql_source(database.conninfo)


@asynccontextmanager
async def fed(feed: Feed) -> AsyncIterator[Store]:
    store = Store()
    await feed.start(store)
    try:
        yield store
    finally:
        await feed.close()


def is_enabled(store: Store, environment_id: int = 1) -> bool:
    environment = store.environment(environment_id)
    assert environment is not None
    (flag,) = environment.flags.values()
    return flag.state.enabled


def run(story: Callable[[], Awaitable[Any]]) -> None:
    asyncio.run(story())  # type: ignore[arg-type]


def test_starting_brings_every_environment(database: Database) -> None:
    publisher = Publisher(database)
    publisher.publish(snapshot(1))
    publisher.publish(snapshot(2, enabled=True))

    async def story() -> None:
        async with fed(InProcessFeed(source_of(database), interval=NEVER)) as store:
            assert store.versions() == {1: (1, 1), 2: (1, 1)}
            assert (is_enabled(store, 1), is_enabled(store, 2)) == (False, True)

    run(story)


def test_reconciling_brings_changes_in_their_order(database: Database) -> None:
    publisher = Publisher(database)
    publisher.publish(snapshot())

    async def story() -> None:
        feed = InProcessFeed(source_of(database), interval=NEVER)
        async with fed(feed) as store:
            seen: list[tuple[tuple[int, int], bool]] = []
            store.listen(lambda changed: seen.append((changed.version, is_enabled(store))))
            publisher.publish(change(revision=2, enabled=True))
            publisher.publish(change(revision=3, enabled=False))
            await feed.reconcile()
            assert [version for version, _ in seen] == [(1, 2), (1, 3)]
            assert not is_enabled(store)

    run(story)


@pytest.mark.parametrize("reason", ["retention", "format"])
def test_a_chain_that_cannot_be_followed_is_replaced_by_the_complete_snapshot(database: Database, reason: str) -> None:
    publisher = Publisher(database)
    publisher.publish(snapshot())

    async def story() -> None:
        feed = InProcessFeed(source_of(database), interval=NEVER)
        async with fed(feed) as store:
            publisher.publish(change(revision=2, enabled=True), write_format=99 if reason == "format" else 1)
            if reason == "retention":
                publisher.forget_revisions()
            await feed.reconcile()
            assert store.version(1) == (1, 2)
            assert is_enabled(store)

    run(story)


def test_a_higher_epoch_wins_over_a_higher_revision(database: Database) -> None:
    publisher = Publisher(database)
    publisher.publish(snapshot(revision=9, enabled=True))

    async def story() -> None:
        feed = InProcessFeed(source_of(database), interval=NEVER)
        async with fed(feed) as store:
            publisher.publish(snapshot(epoch=2, revision=3))
            await feed.reconcile()
            assert store.version(1) == (2, 3)
            assert not is_enabled(store)

    run(story)


def test_an_environment_without_a_head_is_no_longer_served(database: Database) -> None:
    publisher = Publisher(database)
    publisher.publish(snapshot(1))
    publisher.publish(snapshot(2))

    async def story() -> None:
        feed = InProcessFeed(source_of(database), interval=NEVER)
        async with fed(feed) as store:
            publisher.forget_environment(1)
            await feed.reconcile()
            assert list(store.versions()) == [2]
            publisher.publish(snapshot(1, epoch=2))
            await feed.reconcile()
            assert sorted(store.versions()) == [1, 2]

    run(story)


def test_one_unreadable_environment_keeps_no_other_from_coming(database: Database) -> None:
    publisher = Publisher(database)
    publisher.publish(snapshot(1))
    settings = digest(encode_part(settings_part(1)))
    database.query("UPDATE publishing_part SET body = '{}' WHERE digest = ?", settings)
    publisher.publish(snapshot(2))

    async def story() -> None:
        async with fed(InProcessFeed(source_of(database), interval=NEVER)) as store:
            assert list(store.versions()) == [2]

    run(story)


def test_a_delivered_delta_is_visible_when_delivering_returns(sqlite_database: SqliteDatabase) -> None:
    publisher = Publisher(sqlite_database)
    publisher.publish(snapshot())

    async def story() -> None:
        feed = InProcessFeed(sqlite_source(sqlite_database.path), interval=NEVER)
        assert feed.deliver(change(revision=2, enabled=True)) is Verdict.GAP
        async with fed(feed) as store:
            verdict = await asyncio.to_thread(feed.deliver, change(revision=2, enabled=True))
            assert verdict is Verdict.ACCEPTED
            assert is_enabled(store)
            assert feed.deliver(change(revision=4, enabled=False)) is Verdict.GAP

    run(story)


def test_a_commit_of_another_connection_reaches_an_edge_on_sqlite(sqlite_database: SqliteDatabase) -> None:
    publisher = Publisher(sqlite_database)
    publisher.publish(snapshot())

    async def story() -> None:
        async with fed(SqliteFeed(sqlite_database.path, interval=NEVER)) as store:
            for revision in range(2, 6):
                publisher.publish(change(revision=revision, enabled=revision % 2 == 0))
                await until(lambda revision=revision: store.version(1) == (1, revision))

    run(story)


def test_an_edge_waits_for_a_database_that_is_not_there_yet(tmp_path: Path) -> None:
    async def story() -> None:
        feed = SqliteFeed(tmp_path / "burgee.db", interval=0.01)
        async with fed(feed) as store:
            await feed.reconcile()
            assert not store.versions()
            Publisher(SqliteDatabase(tmp_path / "burgee.db")).publish(snapshot())
            await until(lambda: store.versions() == {1: (1, 1)})

    run(story)


@pytest.mark.database
def test_notify_brings_a_change_and_a_lost_one_heals(postgresql_database: PostgresqlDatabase) -> None:
    publisher = Publisher(postgresql_database)
    publisher.publish(snapshot())

    async def told() -> None:
        async with fed(PostgresqlFeed(postgresql_database.conninfo, interval=NEVER)) as store:
            publisher.notify("no signal")
            payload = publisher.publish(change(revision=2, enabled=True))
            # Until it is heard: the feed may not listen yet.
            await until(lambda: publisher.notify(payload) or store.version(1) == (1, 2))

    async def not_told() -> None:
        async with fed(PostgresqlFeed(postgresql_database.conninfo, interval=0.02)) as store:
            publisher.publish(change(revision=3, enabled=False))
            await until(lambda: store.version(1) == (1, 3))

    run(told)
    run(not_told)


@pytest.mark.database
def test_a_feed_whose_connections_were_cut_comes_back(postgresql_database: PostgresqlDatabase) -> None:
    publisher = Publisher(postgresql_database)
    publisher.publish(snapshot())
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'burgee-feed'"

    async def story() -> None:
        async with fed(PostgresqlFeed(postgresql_database.conninfo, interval=NEVER, reconnect=0.01)) as store:
            postgresql_database.query(cut + " AND datname = current_database()")
            payload = publisher.publish(change(revision=2, enabled=True))
            await until(lambda: publisher.notify(payload) or store.version(1) == (1, 2))

    run(story)


def test_redis_brings_a_change(sqlite_database: SqliteDatabase) -> None:
    publisher = Publisher(sqlite_database)
    publisher.publish(snapshot())

    async def story(url: str) -> None:
        feed = RedisFeed(url, sqlite_source(sqlite_database.path), interval=NEVER)
        with redis.Redis.from_url(url) as client:
            async with fed(feed) as store:
                payload = publisher.publish(change(revision=2, enabled=True))
                await until(
                    lambda: (not client.publish("burgee_published", payload) and False) or store.version(1) == (1, 2)
                )

    with running_redis() as url:
        run(lambda: story(url))


def test_a_replaced_file_is_read_and_a_broken_one_is_not_served(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path / "snapshots")
    folder.write(snapshot(1))

    async def story() -> None:
        feed = FileFeed(folder.path, interval=0.01)
        async with fed(feed) as store:
            folder.write(snapshot(1, revision=2, enabled=True))
            await until(lambda: store.version(1) == (1, 2))
            (folder.path / "2.snapshot.json").write_text("{")
            await feed.reconcile()
            assert list(store.versions()) == [1]
            assert is_enabled(store)

    run(story)
