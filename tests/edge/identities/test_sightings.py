"""A row that was read before its patch had to wait may be used only if nobody wrote it since."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from burgee.edge.identities.protocol import TraitPatch
from burgee.edge.identities.sqlite import SqliteTraits
from tests.services.databases import LONG, SqliteDatabase


def patch(**traits: Any) -> TraitPatch:
    return TraitPatch(environment_id=7, identifier="ann", set=traits)


def use(database: SqliteDatabase, story: Callable[[SqliteTraits], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        store = database.traits_store(limits=LONG, **options)
        await store.start()
        try:
            await story(store)
        finally:
            await store.close()

    asyncio.run(run())


def test_what_another_connection_wrote_while_a_patch_waited_is_kept(sqlite_database: SqliteDatabase) -> None:
    async def story(store: SqliteTraits) -> None:
        await store.apply(patch(a=1))
        await store.apply(patch(a=2))
        with gate:
            waiting = asyncio.ensure_future(store.apply(patch(b=1)))
            for _ in range(3):
                await asyncio.sleep(0)
            sqlite_database.query("UPDATE identities_identity SET traits = ?", '{"a":3,"c":3}')
        assert (await waiting).traits == {"a": 3, "c": 3, "b": 1}

    gate = threading.Lock()
    use(sqlite_database, story, gate=gate)


def test_patches_that_wait_for_each_other_all_count(sqlite_database: SqliteDatabase) -> None:
    async def client(store: SqliteTraits, name: str) -> None:
        for number in range(40):
            row = await store.apply(patch(**{name: number}))
            assert row.traits[name] == number

    async def story(store: SqliteTraits) -> None:
        names = [f"k{number}" for number in range(6)]
        await asyncio.gather(*[client(store, name) for name in names])
        row = await store.read(7, "ann")
        assert row is not None
        assert row.traits == dict.fromkeys(names, 39)

    use(sqlite_database, story)


def test_a_reader_sees_a_commit_as_soon_as_somebody_was_told_of_it(sqlite_database: SqliteDatabase) -> None:
    async def story(store: SqliteTraits) -> None:
        for number in range(30):
            before = store.find(7, "other")
            await store.apply(patch(n=number))
            row = await store.read(7, "ann")
            assert row is not None
            assert (before, row.traits["n"]) == (None, number)

    use(sqlite_database, story)


def test_a_failed_batch_leaves_nothing_that_a_later_one_builds_on(sqlite_database: SqliteDatabase) -> None:
    async def story(store: SqliteTraits) -> None:
        await store.apply(patch(a=1))
        outcomes = await store.apply_many([patch(a=float("nan")), patch(b=2)])
        assert outcomes[1].traits == {"a": 1, "b": 2}
        assert (await store.apply(patch(c=3))).traits == {"a": 1, "b": 2, "c": 3}

    use(sqlite_database, story)
