"""What was told becomes rows: state, value, and whose state it was."""

import asyncio

import pytest

from burgee.edge.app import build
from burgee.edge.counting import AnyFlag, Told
from burgee.edge.request import EdgeRequest
from burgee.edge.response import EdgeResponse
from burgee.edge.settings import EdgeSettings
from burgee.edge.store import Store
from burgee.edge.usage import outcome_counters
from burgee.edge.usage.counters import UsageCounters
from burgee.edge.usage.outcomes import PREVIEW, outcome_of
from tests.edge.parts import CLIENT_KEY, complete, flag, settings, variant
from tests.edge.serving import TraitsInMemory
from tests.edge.usage.telling import read_out
from tests.edge.usage.test_usage import NOON, BrokenOnce, counting, sink_of
from tests.services.databases import Database, SqliteDatabase

ROWS = "SELECT feature_id, enabled, reason, variant, form, value, length, count FROM usage_outcome ORDER BY id"


def stored(database: Database) -> list[tuple]:
    rows = [
        (feature, enabled if enabled is None else bool(enabled), *rest)
        for feature, enabled, *rest in database.query(ROWS)
    ]
    return sorted(rows, key=str)


def told(*flags: AnyFlag, times: int = 1):
    def count(counters: UsageCounters) -> None:
        for _ in range(times):
            counters.told(Told(1, flags))

    return count


def test_what_was_told_is_added_to_what_is_stored(database: Database) -> None:
    count = told(read_out("blue"), read_out(7, feature_id=8, enabled=False, feature_segment=3, variant="big"), times=3)
    counting(sink_of(database), count)
    counting(sink_of(database), count)
    assert stored(database) == [
        (7, True, "default", None, "text", "blue", 4, 6),
        (8, False, "segment", "big", "number", "7", 1, 6),
    ]


def test_an_hour_is_one_row(database: Database) -> None:
    counting(sink_of(database), told(read_out("blue")))
    is_sqlite = isinstance(database, SqliteDatabase)
    start = "bucket" if is_sqlite else "to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
    assert database.query(f"SELECT {start} FROM usage_outcome") == [("2026-12-02 12:00:00",)]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [("", "text", ""), ("12", "text", "12"), (12, "number", "12"), (True, "boolean", "true"), (None, "nothing", "")],
)
def test_values_of_different_kinds_are_different(value, form, text):
    outcome = outcome_of(read_out(value))
    assert (outcome.form, outcome.value, outcome.length) == (form, text, len(text))


def test_of_long_values_the_beginning_is_kept_and_they_are_told_apart():
    one, other = (outcome_of(read_out("x" * PREVIEW + last)) for last in "ab")
    assert one.value == other.value == "x" * PREVIEW
    assert one.length == PREVIEW + 1
    assert one.digest != other.digest


def test_what_was_set_for_one_identity_is_counted_without_its_value():
    one, other = (outcome_of(read_out(value, identity=5)) for value in ("secret", "hidden"))
    assert one == other
    assert (one.enabled, one.reason, one.form, one.value) == (True, "identity", "untold", None)


def test_where_an_answer_hides_whose_state_it_is_nobody_is_named():
    assert outcome_of(read_out("blue", environment=None)).reason is None


def test_too_many_outcomes_of_a_flag_are_counted_together(sqlite_database: SqliteDatabase, monkeypatch) -> None:
    monkeypatch.setattr(outcome_counters, "OUTCOMES_AT_MOST", 2)
    values = [read_out(f"v{number}") for number in range(5)]
    counting(sink_of(sqlite_database), told(*values, read_out("v0", feature_id=8)))
    assert sorted((row[0], row[4], row[5], row[-1]) for row in stored(sqlite_database)) == [
        (7, "other", None, 3),
        (7, "text", "v0", 1),
        (7, "text", "v1", 1),
        (8, "text", "v0", 1),
    ]


def test_many_rows_are_followed_by_a_pause_and_nothing_is_lost_meanwhile() -> None:
    async def run() -> None:
        sink = BrokenOnce()
        sink.failures = 0
        counters = UsageCounters(sink, clock=lambda: NOON)
        for number in range(1_000):
            counters.told(Told(1, [read_out(number, feature_id=number)]))
        await counters.flush()
        counters.told(Told(1, [read_out(0, feature_id=0)]))
        await counters.flush()
        assert [len(added.outcomes) for added in sink.added] == [1_000]
        await counters.close()
        assert [sum(added.outcomes.values()) for added in sink.added] == [1_000, 1]

    asyncio.run(run())


def test_the_data_plane_counts_each_answer_however_it_came_about() -> None:
    async def run() -> None:
        store, sink = Store(), BrokenOnce()
        sink.failures = 0
        counters = UsageCounters(sink, clock=lambda: NOON)
        store.accept(complete(settings(), flag(1, value="blue"), flag(2, variants=(variant(1, "a", 100.0),))))
        app = build(EdgeSettings(), store, TraitsInMemory(), counters)
        flags = (b"GET", b"/api/v1/flags/", b"")
        ada = (b"POST", b"/api/v1/identities/", b'{"identifier":"ada","transient":true}')
        eve = (b"POST", b"/api/v1/identities/", b'{"identifier":"eve"}')
        headers = {b"x-environment-key": CLIENT_KEY.encode(), b"content-type": b"application/json"}
        for method, path, body in (flags, ada, eve) * 3:
            route, names = app.router.resolve(path)
            answer = app.answer(route, EdgeRequest(method, path, b"", headers, body, names))
            assert (answer if isinstance(answer, EdgeResponse) else await answer).status == 200
        await counters.close()
        (added,) = sink.added
        counts = {(key.feature_id, key.value): count for key, count in added.outcomes.items()}
        assert counts == {(1, "blue"): 9, (2, ""): 3, (2, "a"): 6}

    asyncio.run(run())


def test_what_could_not_be_written_is_offered_again() -> None:
    async def run() -> None:
        sink = BrokenOnce()
        counters = UsageCounters(sink, clock=lambda: NOON)
        counters.told(Told(1, [read_out("blue")]))
        await counters.flush(everything=True)
        await counters.flush()
        await counters.close()
        assert [sum(added.outcomes.values()) for added in sink.added] == [1]

    asyncio.run(run())
