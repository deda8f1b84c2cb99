"""Counts reach the tables once, on each engine."""

import asyncio
from collections.abc import Callable
from typing import Any

from burgee.edge.usage.counters import APPLICATIONS_AT_MOST, UsageCounters
from burgee.edge.usage.postgresql import PostgresqlUsage
from burgee.edge.usage.rows import Counts, UsageSink
from burgee.edge.usage.sqlite import SqliteUsage
from tests.services.databases import Database, SqliteDatabase
from tests.services.polling import until

NOON = 1_796_212_800.0 + 1.0  # 2026-12-02 12:00:01 UTC
REQUESTS = "SELECT environment_id, resource, sdk, count FROM usage_request ORDER BY resource, sdk"
EVALUATIONS = (
    "SELECT feature, variant, enabled, sdk, source, count FROM usage_evaluation ORDER BY feature, source, count"
)


def sink_of(database: Database) -> UsageSink:
    return SqliteUsage(database.path) if isinstance(database, SqliteDatabase) else PostgresqlUsage(database.conninfo)


def counting(sink: UsageSink, count: Callable[[UsageCounters], None], **options: Any) -> None:
    async def run() -> None:
        counters = UsageCounters(sink, clock=lambda: NOON, **options)
        await counters.start()
        count(counters)
        await counters.close()

    asyncio.run(run())


def test_closing_writes_what_was_counted_and_adds_to_what_is_stored(database: Database) -> None:
    def count(counters: UsageCounters) -> None:
        for _ in range(3):
            counters.request(1, "flags", "flagsmith-python/6")
        counters.request(1, "identities", "")
        counters.evaluations(1, [("f", "v", True, 2), ("f", None, None, 1)], "", "server")
        counters.evaluations(1, [("f", "v", True, 5)], "", "client")

    counting(sink_of(database), count)
    counting(sink_of(database), count)
    assert database.query(REQUESTS) == [(1, "flags", "flagsmith-python/6", 6), (1, "identities", None, 2)]
    assert [(*row[:2], row[2] and bool(row[2]), *row[3:]) for row in database.query(EVALUATIONS)] == [
        ("f", "v", True, None, "client", 10),
        ("f", None, None, None, "server", 2),
        ("f", "v", True, None, "server", 4),
    ]


def test_a_bucket_begins_with_its_quarter_of_an_hour(database: Database) -> None:
    counting(sink_of(database), lambda counters: counters.request(1, "flags", ""))
    is_sqlite = isinstance(database, SqliteDatabase)
    start = "bucket" if is_sqlite else "to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
    assert database.query(f"SELECT {start} FROM usage_request") == [("2026-12-02 12:00:00",)]


def test_what_clients_send_is_cut_to_what_the_tables_hold(database: Database) -> None:
    def count(counters: UsageCounters) -> None:
        counters.evaluations(1, [("f" * 3000, "v" * 300, None, 1), ("n\0\ud800", None, None, 1)], "s" * 200, "client")

    counting(sink_of(database), count)
    found = {
        (len(feature), len(variant or ""), len(sdk)) for feature, variant, _, sdk, _, _ in database.query(EVALUATIONS)
    }
    assert found == {(2000, 255, 100), (2, 0, 100)}


def test_too_many_different_keys_are_counted_together(sqlite_database: SqliteDatabase) -> None:
    def count(counters: UsageCounters) -> None:
        for n in range(10):
            counters.evaluations(1, [(f"f{n}", None, None, 1)], "", "client")
        counters.request(1, "flags", "new")

    counting(sink_of(sqlite_database), count, most=4)
    assert {row[0]: row[-1] for row in sqlite_database.query(EVALUATIONS)} == {
        "f0": 1,
        "f1": 1,
        "f2": 1,
        "f3": 1,
        "other": 6,
    }
    assert sqlite_database.query(REQUESTS) == [(1, "flags", "other", 1)]


class BrokenOnce:
    """A database that is away for the first flush."""

    def __init__(self) -> None:
        self.added: list[Counts] = []
        self.failures = 1

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def add(self, counts: Counts) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        self.added.append(counts)


def test_counts_outlive_a_flush_that_fails() -> None:
    async def run() -> None:
        sink = BrokenOnce()
        counters = UsageCounters(sink, interval=0.001, clock=lambda: NOON)
        counters.request(1, "flags", "")
        counters.evaluations(1, [("f", None, None, 3)], "", "client")
        await counters.start()
        await until(lambda: sink.added)
        await counters.close()
        assert list(sink.added[0].requests.values()) == [1]
        assert list(sink.added[0].evaluations.values()) == [3]

    asyncio.run(run())


def test_flushing_nothing_asks_the_sink_for_nothing() -> None:
    sink = BrokenOnce()
    counting(sink, lambda counters: None)
    assert sink.failures == 1


LABELS = "SELECT sdk, application, application_version, count FROM usage_request ORDER BY count"


def test_applications_that_name_themselves_are_counted_apart(database: Database) -> None:
    def count(counters: UsageCounters) -> None:
        for client, times in (("", 1), ("\x1fshop\x1f", 2), ("sdk/1\x1fshop\x1f2.0", 3)):
            for _ in range(times):
                counters.request(1, "flags", client)
            counters.evaluations(1, [("f", None, None, times)], client, "client")

    counting(sink_of(database), count)
    told = [(None, None, None, 1), (None, "shop", None, 2), ("sdk/1", "shop", "2.0", 3)]
    assert database.query(LABELS) == told
    assert database.query(LABELS.replace("usage_request", "usage_evaluation")) == told


def test_a_client_that_makes_up_names_does_not_fill_the_tables(sqlite_database: SqliteDatabase) -> None:
    def count(counters: UsageCounters) -> None:
        for number in range(3 * APPLICATIONS_AT_MOST):
            counters.request(1, "flags", f"sdk/1\x1fname {number}\x1f")
            counters.evaluations(1, [("f", None, None, 1)], f"sdk/1\x1fname {number}\x1f", "client")
        counters.request(2, "flags", "sdk/1\x1fshop\x1f")

    counting(sink_of(sqlite_database), count)
    for table in ("usage_request", "usage_evaluation"):
        query = f"SELECT application, count FROM {table} WHERE environment_id = 1 ORDER BY count DESC"
        (without, *others) = sqlite_database.query(query)
        assert (without, len(others)) == ((None, 2 * APPLICATIONS_AT_MOST), APPLICATIONS_AT_MOST)
    assert sqlite_database.query("SELECT application FROM usage_request WHERE environment_id = 2") == [("shop",)]


def test_the_day_on_which_a_server_key_was_used_is_kept(database: Database) -> None:
    day = "last_used_on" if isinstance(database, SqliteDatabase) else "last_used_on::text"
    for digest, last in (("used", "NULL"), ("again", "'2026-11-30'"), ("later", "'2026-12-03'"), ("never", "NULL")):
        database.query(f"INSERT INTO environments_serverkey (digest, last_used_on) VALUES ('{digest}', {last})")

    def count(counters: UsageCounters) -> None:
        for digest in ("used", "again", "later", "gone", "used"):
            counters.server_key(digest)

    counting(sink_of(database), count)
    assert dict(database.query(f"SELECT digest, {day} FROM environments_serverkey")) == {
        "used": "2026-12-02",
        "again": "2026-12-02",
        "later": "2026-12-03",
        "never": None,
    }


def test_a_server_key_is_written_once_a_day_and_again_after_a_flush_that_failed() -> None:
    async def run() -> None:
        sink, times = BrokenOnce(), [NOON]
        counters = UsageCounters(sink, clock=lambda: times[0])
        counters.server_key("key")
        await counters.flush()
        counters.server_key("key")
        await counters.flush()
        counters.server_key("key")
        await counters.flush()
        times[0] += 86_400
        counters.request(1, "flags", "")
        counters.server_key("key")
        await counters.flush()
        assert [added.server_keys for added in sink.added] == [{"key": "2026-12-02"}, {"key": "2026-12-03"}]

    asyncio.run(run())
