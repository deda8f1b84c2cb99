"""What a process remembers of a row on PostgreSQL decides what it asks, never what it writes or answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from burgee.edge.identities.postgresql import PostgresqlTraits
from burgee.edge.identities.protocol import TraitPatch
from tests.services.databases import LONG, PostgresqlDatabase

pytestmark = pytest.mark.database


def patch(**parts: Any) -> TraitPatch:
    return TraitPatch(environment_id=7, identifier="ann", **parts)


def use(database: PostgresqlDatabase, story: Callable[[PostgresqlTraits, PostgresqlTraits], Awaitable[None]]) -> None:
    """The story of two processes on one database."""

    async def run() -> None:
        here, there = database.traits_store(limits=LONG), database.traits_store(limits=LONG)
        await here.start()
        await there.start()
        try:
            await story(here, there)
        finally:
            await here.close()
            await there.close()

    asyncio.run(run())


def test_what_another_process_wrote_stays_when_this_one_writes_on(postgresql_database: PostgresqlDatabase) -> None:
    async def story(here: PostgresqlTraits, there: PostgresqlTraits) -> None:
        await here.apply(patch(set={"plan": "free", "age": 1}))
        await there.apply(patch(set={"colour": "red"}, delete=("age",)))
        row = await here.apply(patch(set={"plan": "pro"}))
        assert row.traits == {"plan": "pro", "colour": "red"}

    use(postgresql_database, story)


def test_what_another_process_wrote_is_what_an_unchanged_patch_is_answered_with(
    postgresql_database: PostgresqlDatabase,
) -> None:
    async def story(here: PostgresqlTraits, there: PostgresqlTraits) -> None:
        await here.apply(patch(set={"plan": "free"}))
        await there.apply(patch(set={"plan": "pro"}))
        assert (await here.apply(patch(set={"plan": "pro"}))).traits == {"plan": "pro"}
        assert (await here.apply(patch())).traits == {"plan": "pro"}
        found = await here.read(7, "ann")
        assert found is not None
        assert found.traits == {"plan": "pro"}

    use(postgresql_database, story)


def test_an_identity_that_was_deleted_meanwhile_is_a_new_one(postgresql_database: PostgresqlDatabase) -> None:
    async def story(here: PostgresqlTraits, there: PostgresqlTraits) -> None:
        first = await here.apply(patch(set={"plan": "free"}))
        await there.apply(patch())
        postgresql_database.query("DELETE FROM identities_identity")
        row = await here.apply(patch(set={"age": 2}))
        assert row.created
        assert row.id != first.id
        assert row.traits == {"age": 2}

    use(postgresql_database, story)
