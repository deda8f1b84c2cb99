"""What both stores promise, told on each engine."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from burgee.edge.identities.protocol import (
    StoreUnavailable,
    TraitNotInteger,
    TraitPatch,
    TraitRefused,
    TraitsStore,
)
from tests.services.databases import LONG, Database, SqliteDatabase

ENVIRONMENT = 7
KEYS = ["a", "b", 'q"uote', "dot.ted", "$x", "😀", "", "back\\slash", "é", "nul-free\x01"]


def patch(identifier: str = "ann", **parts: Any) -> TraitPatch:
    return TraitPatch(environment_id=ENVIRONMENT, identifier=identifier, **parts)


def use(database: Database, story: Callable[[TraitsStore], Awaitable[Any]], **options: Any) -> Any:
    async def run() -> Any:
        store = database.traits_store(limits=LONG, **options)
        await store.start()
        try:
            return await story(store)
        finally:
            await store.close()

    return asyncio.run(run())


def stored_traits(database: Database, identifier: str = "ann") -> Any:
    rows = database.query("SELECT traits FROM identities_identity WHERE identifier = ?", identifier)
    return json.loads(rows[0][0]) if rows else None


def typed(traits: dict[str, Any]) -> dict[str, Any]:
    return {key: (type(value), value) for key, value in traits.items()}


VALUES = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8),
    st.sampled_from([1, 1.0, True, 1e300, 1e16, -0.5, 5e-324, 1e-7, "1", ""]),
)
PATCHES = st.builds(
    lambda who, puts, deletes, adds: patch(who, set=puts, delete=tuple(deletes), increment=adds),
    st.sampled_from(["ann", "bob"]),
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4),
    st.lists(st.sampled_from(KEYS), max_size=2),
    st.dictionaries(st.sampled_from(KEYS), st.integers(-10, 10), max_size=1),
)


def expect(model: dict[str, dict[str, Any]], one: TraitPatch) -> dict[str, Any] | type[Exception]:
    traits = dict(model.get(one.identifier, {}))
    for key in one.delete:
        traits.pop(key, None)
    traits.update(one.set)
    for key, step in one.increment.items():
        if type(traits.get(key, 0)) is not int or abs(traits.get(key, 0) + step) > 2**53:
            model.setdefault(one.identifier, {})
            return TraitNotInteger
        traits[key] = traits.get(key, 0) + step
    model[one.identifier] = traits
    return traits


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches=st.lists(st.lists(PATCHES, min_size=1, max_size=6), max_size=4))
def test_any_patches_leave_what_a_dictionary_would_hold(database: Database, batches: list[list[TraitPatch]]) -> None:
    async def story(store: TraitsStore) -> None:
        model: dict[str, dict[str, Any]] = {}
        for batch in batches:
            outcomes = await store.apply_many(batch)
            for one, outcome in zip(batch, outcomes, strict=True):
                expected = expect(model, one)
                if isinstance(expected, dict):
                    assert typed(outcome.traits) == typed(expected)
                    assert set(outcome.numbers) >= set(expected)
                else:
                    assert isinstance(outcome, expected)
        for who, traits in model.items():
            row = await store.read(ENVIRONMENT, who)
            assert typed(row.traits if row else {}) == typed(traits)

    database.query("DELETE FROM identities_identity")
    use(database, story)


def test_an_identity_is_created_once_and_keeps_its_id(database: Database) -> None:
    async def story(store: TraitsStore) -> None:
        assert await store.read(ENVIRONMENT, "ann") is None
        first = await store.apply(patch(set={"plan": "pro"}))
        second = await store.apply(patch())
        assert (first.created, second.created) == (True, False)
        assert first.id == second.id
        assert second.traits == {"plan": "pro"}
        assert second.legacy_hash_id is None

    use(database, story)
    assert database.query("SELECT count(*) FROM identities_identity")[0][0] == 1


def test_simultaneous_first_patches_of_one_identity_create_it_once(database: Database) -> None:
    async def story(store: TraitsStore) -> None:
        rows = await asyncio.gather(*[store.apply(patch(set={f"k{n}": n})) for n in range(20)])
        assert [row.created for row in rows].count(True) == 1
        for n, row in enumerate(rows):
            assert list(row.traits.values()) == list(range(n + 1))

    use(database, story)


def test_numbers_of_trait_keys_stay_and_are_shared_by_identities(database: Database) -> None:
    first = use(database, lambda store: store.apply(patch(set={"a": 1, "b": 2})))
    again = use(database, lambda store: store.apply(patch("bob", set={"b": 1, "c": 2})))
    assert {first.numbers["a"], first.numbers["b"], again.numbers["c"]} == {1, 2, 3}
    assert again.numbers["b"] == first.numbers["b"]


def test_keys_that_an_import_wrote_get_numbers_when_they_are_read(database: Database) -> None:
    use(database, lambda store: store.apply(patch()))
    database.query("UPDATE identities_identity SET traits = ?", '{"imported":1}')
    row = use(database, lambda store: store.read(ENVIRONMENT, "ann"))
    assert row.traits == {"imported": 1}
    assert row.numbers["imported"] == 1


def test_last_seen_is_the_day_and_changes_with_it(database: Database) -> None:
    for moment, day in ((0.0, "1970-01-01"), (86_399.0, "1970-01-01"), (86_400.0, "1970-01-02")):
        use(database, lambda store: store.apply(patch()), clock=lambda moment=moment: moment)
        assert str(database.query("SELECT last_seen FROM identities_identity")[0][0]) == day


def test_a_patch_that_changes_nothing_writes_nothing(sqlite_database: SqliteDatabase) -> None:
    async def story(store: TraitsStore) -> None:
        await store.apply(patch(set={"a": 1}, delete=("b",)))
        gate.acquire()
        try:
            row = await store.apply(patch(set={"a": 1}, delete=("b",)))
        finally:
            gate.release()
        assert row.traits == {"a": 1}

    gate = threading.Lock()
    use(sqlite_database, story, gate=gate)


@pytest.mark.parametrize(
    "bad",
    [
        patch("bad", set={"n": float("nan")}),
        patch("bad", set={"n": float("inf")}),
        patch("bad", set={"n": 2**53 + 1}),
        patch("bad", set={"k" * 201: 1}),
        patch("bad", increment={"k" * 201: 1}),
        patch("bad", set={"s": "\ud800"}),
        patch("bad\ud800"),
        patch("x" * 2001),
    ],
)
def test_a_patch_that_cannot_be_stored_fails_alone(database: Database, bad: TraitPatch) -> None:
    async def story(store: TraitsStore) -> None:
        good, refused, other = await store.apply_many([patch(set={"a": 1}), bad, patch("bob")])
        assert good.traits == {"a": 1}
        assert isinstance(refused, TraitRefused)
        assert other.created

    use(database, story)
    assert stored_traits(database) == {"a": 1}


def test_what_only_the_database_refuses_fails_alone(database: Database) -> None:
    async def story(store: TraitsStore) -> None:
        good, refused, other = await store.apply_many(
            [patch(set={"a": 1}), TraitPatch(environment_id=2**64, identifier="x"), patch("bob")]
        )
        assert good.traits == {"a": 1}
        assert isinstance(refused, TraitRefused)
        assert other.created

    use(database, story)
    assert stored_traits(database) == {"a": 1}


def test_an_increment_refuses_what_is_no_integer_and_changes_nothing(database: Database) -> None:
    async def story(store: TraitsStore) -> None:
        await store.apply(patch(set={"text": "5", "float": 1.0, "truth": True, "n": 2**53}))
        for key in ("text", "float", "truth", "n"):
            with pytest.raises(TraitNotInteger) as caught:
                await store.apply(patch(set={"other": 1}, increment={key: 1}))
            assert caught.value.key == key

    use(database, story)
    assert "other" not in stored_traits(database)


def test_concurrent_increments_all_count(database: Database) -> None:
    async def story(store: TraitsStore) -> None:
        rows = await asyncio.gather(*[store.apply(patch(increment={"n": 1})) for _ in range(50)])
        assert [row.traits["n"] for row in rows] == list(range(1, 51))

    use(database, story)
    assert stored_traits(database) == {"n": 50}


def test_too_many_waiting_writes_are_refused_at_once(database: Database) -> None:
    async def story() -> None:
        store = database.traits_store(limits=type(LONG)(queue=3, timeout=30))
        await store.start()
        outcomes = await store.apply_many([patch(f"u{n}") for n in range(5)])
        assert [isinstance(outcome, StoreUnavailable) for outcome in outcomes] == [False, False, False, True, True]
        await store.close()

    asyncio.run(story())


def test_a_store_without_its_database_says_so(tmp_path: Any) -> None:
    async def story() -> None:
        missing = SqliteDatabase.__new__(SqliteDatabase)
        missing.path = tmp_path / "missing.db"
        store = missing.traits_store(limits=LONG)
        await store.start()
        with pytest.raises(StoreUnavailable):
            await store.apply(patch())
        with pytest.raises(StoreUnavailable):
            await store.read(ENVIRONMENT, "ann")
        await store.close()

    asyncio.run(story())
    assert not (tmp_path / "missing.db").exists()


def test_a_write_lock_that_is_held_too_long_makes_the_store_unavailable(sqlite_database: SqliteDatabase) -> None:
    async def story() -> None:
        gate = threading.Lock()
        store = sqlite_database.traits_store(limits=type(LONG)(timeout=0.05), gate=gate)
        await store.start()
        with gate, pytest.raises(StoreUnavailable):
            await store.apply(patch())
        for _ in range(1000):
            try:
                row = await store.apply(patch())
                break
            except StoreUnavailable:
                await asyncio.sleep(0.005)
        assert row.id
        await store.close()

    asyncio.run(story())
