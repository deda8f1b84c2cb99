"""An edge node follows its upstream over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from burgee.edge import peer
from burgee.edge.feed.http import HttpFeed
from burgee.edge.store import Store
from burgee.wire.snapshot import Delta
from tests.edge.feed.publisher import MOMENT, change, snapshot
from tests.edge.upstream import TOKEN, Upstream, serving
from tests.services.polling import until

NEVER = 3600.0
Story = Callable[[Store, Store, HttpFeed, Upstream], Awaitable[None]]


def following(story: Story, *, token: str = TOKEN, interval: float = NEVER) -> None:
    async def run() -> None:
        upstream_store, node_store = Store(), Store()
        upstream_store.accept(snapshot())
        upstream = Upstream(upstream_store, None)
        async with serving(upstream) as address:
            feed = HttpFeed(address, token, interval=interval, reconnect=0.01)
            await feed.start(node_store)
            try:
                await story(upstream_store, node_store, feed, upstream)
            finally:
                await feed.close()

    asyncio.run(run())


def parts_of(store: Store, environment_id: int = 1) -> object:
    environment = store.environment(environment_id)
    return environment and environment.parts


def test_a_node_starts_with_what_its_upstream_serves_and_hears_of_changes() -> None:
    async def story(above: Store, node: Store, feed: HttpFeed, upstream: Upstream) -> None:
        assert node.versions() == {1: (1, 1)}
        await until(lambda: upstream.feed._followers)
        deltas: list[int] = []
        node.listen(lambda changed: deltas.append(changed.version[1]))
        above.accept(change(revision=2, enabled=True))
        above.accept(change(revision=3, enabled=False))
        above.accept(snapshot(2))
        await until(lambda: node.versions() == {1: (1, 3), 2: (1, 1)})
        assert deltas == [2, 3, 1]
        assert parts_of(node) == parts_of(above)
        above.accept(snapshot(epoch=2, enabled=True))
        await until(lambda: node.version(1) == (2, 1))
        assert parts_of(node) == parts_of(above)

    following(story)


def test_a_removed_environment_goes_away_on_the_node_too() -> None:
    async def story(above: Store, node: Store, feed: HttpFeed, upstream: Upstream) -> None:
        await until(lambda: upstream.feed._followers)
        above.accept(Delta(environment_id=1, epoch=1, revision=2, parent=None, published_at=MOMENT, parts={}))
        await until(lambda: not node.versions())

    following(story)


def test_what_happened_while_the_upstream_was_away_comes_afterwards() -> None:
    async def story(above: Store, node: Store, feed: HttpFeed, upstream: Upstream) -> None:
        await until(lambda: upstream.feed._followers)
        upstream.away = True
        upstream.feed.close()
        above.accept(change(revision=2, enabled=True))
        await feed.reconcile()
        assert node.version(1) == (1, 1)
        upstream.away = False
        await until(lambda: node.version(1) == (1, 2))

    following(story)


def test_a_node_that_is_too_slow_is_cut_off_and_catches_up() -> None:
    async def story(above: Store, node: Store, feed: HttpFeed, upstream: Upstream) -> None:
        await until(lambda: upstream.feed._followers)
        for revision in range(2, 602):
            above.accept(change(revision=revision, enabled=revision % 2 == 0))
        await until(lambda: node.version(1) == (1, 601))
        assert parts_of(node) == parts_of(above)

    following(story)


def test_without_the_token_a_node_gets_nothing() -> None:
    async def story(above: Store, node: Store, feed: HttpFeed, upstream: Upstream) -> None:
        await feed.reconcile()
        assert not node.versions()

    following(story, token="another token")


@pytest.mark.parametrize("header", [None, b"", b"Bearer ", b"Bearer other", b"Token secret"])
def test_only_the_right_token_makes_a_peer(header: bytes | None) -> None:
    assert not peer.is_peer(header, "secret")
    assert not peer.is_peer(header, "")
    assert peer.is_peer(b"Bearer secret", "secret")
