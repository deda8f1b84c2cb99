"""An edge node forwards its patches; the upstream's store makes them durable."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from burgee.edge.identities.durable import DurableTraits
from burgee.edge.identities.journal import Journal, JournalLimits
from burgee.edge.identities.protocol import StoreUnavailable, TraitNotInteger, TraitPatch, TraitRefused
from burgee.edge.identities.upstream import UpstreamTraits
from burgee.edge.store import Store
from tests.edge.upstream import TOKEN, Upstream, serving
from tests.services.databases import LONG, SqliteDatabase
from tests.services.polling import until

Story = Callable[[UpstreamTraits, Upstream], Awaitable[None]]


def patch(identifier: str = "ann", **parts: Any) -> TraitPatch:
    return TraitPatch(environment_id=7, identifier=identifier, **parts)


def forwarding(database: SqliteDatabase, folder: Path, story: Story, *, token: str = TOKEN) -> None:
    async def run() -> None:
        traits = DurableTraits(database.traits_store(limits=LONG), Journal(folder / "above", JournalLimits(free=0)))
        await traits.start()
        upstream = Upstream(Store(), traits)
        async with serving(upstream) as address:
            node = UpstreamTraits(address, token, limits=LONG)
            await node.start()
            await story(node, upstream)
            await node.close()
        await traits.close()

    asyncio.run(run())


def test_rows_and_refusals_come_back_as_from_the_store_itself(sqlite_database: SqliteDatabase, tmp_path: Path) -> None:
    async def story(node: UpstreamTraits, upstream: Upstream) -> None:
        assert await node.read(7, "ann") is None
        first = await node.apply(patch(set={"f": 1.0, "big": 1e16, "n": 1}, delete=("x",)))
        assert first.created
        assert [type(value) for value in first.traits.values()] == [float, float, int]
        assert first.numbers == {"f": 1, "big": 2, "n": 3}
        outcomes = await node.apply_many(
            [patch(increment={"n": 2}), patch(increment={"f": 1}), patch(set={"s": "\ud800"}), patch("\ud800")]
        )
        assert outcomes[0].traits["n"] == 3
        assert isinstance(outcomes[1], TraitNotInteger)
        assert outcomes[1].key == "f"
        assert isinstance(outcomes[2], TraitRefused)
        assert isinstance(outcomes[3], TraitRefused)
        read = await node.read(7, "ann")
        assert read is not None
        assert (read.id, read.traits) == (first.id, {"f": 1.0, "big": 1e16, "n": 3})

    forwarding(sqlite_database, tmp_path, story)


def test_what_waits_goes_in_one_request_and_in_order(sqlite_database: SqliteDatabase, tmp_path: Path) -> None:
    async def story(node: UpstreamTraits, upstream: Upstream) -> None:
        rows = await asyncio.gather(*[node.apply(patch(set={f"k{n}": n})) for n in range(30)])
        assert [len(row.traits) for row in rows] == list(range(1, 31))

    forwarding(sqlite_database, tmp_path, story)


def test_more_than_one_request_may_hold_is_sent_in_several(sqlite_database: SqliteDatabase, tmp_path: Path) -> None:
    async def story(node: UpstreamTraits, upstream: Upstream) -> None:
        big = "x" * 400_000
        outcomes = await node.apply_many([patch(set={f"k{n}": big}) for n in range(6)])
        assert [len(row.traits) for row in outcomes] == [1, 2, 3, 4, 5, 6]

    forwarding(sqlite_database, tmp_path, story)


def test_a_node_keeps_patches_in_its_journal_while_the_upstream_is_away(
    sqlite_database: SqliteDatabase, tmp_path: Path
) -> None:
    async def story(node: UpstreamTraits, upstream: Upstream) -> None:
        traits = DurableTraits(node, Journal(tmp_path / "node", JournalLimits(free=0)))
        await traits.start()
        upstream.away = True
        with pytest.raises(StoreUnavailable):
            await node.apply(patch())
        assert (await traits.apply(patch(set={"a": 1.0}))).degraded
        upstream.away = False
        await until(lambda: not traits.degraded)
        assert (await node.read(7, "ann")).traits == {"a": 1.0}
        assert not (await traits.apply(patch(set={"b": 2}))).degraded

    forwarding(sqlite_database, tmp_path, story)


def test_without_the_token_nothing_is_written(sqlite_database: SqliteDatabase, tmp_path: Path) -> None:
    async def story(node: UpstreamTraits, upstream: Upstream) -> None:
        with pytest.raises(StoreUnavailable, match="401"):
            await node.apply(patch())

    forwarding(sqlite_database, tmp_path, story, token="another")
    assert sqlite_database.query("SELECT count(*) FROM identities_identity") == [(0,)]
