"""Who waits for a batch hears of it once and in order, whatever becomes of the batch or of the others who wait."""

import asyncio
from collections.abc import Sequence

import pytest

from burgee.edge.identities.group_commit import GroupCommit, Outcome, WriterLimits
from burgee.edge.identities.protocol import IdentityRow, StoreUnavailable, TraitError, TraitPatch, TraitRefused


class Batches:
    """Writes each batch when `gate` opens, or cannot."""

    def __init__(self, *, away: bool = False) -> None:
        self.gate = asyncio.Event()
        self.away = away
        self.written: list[list[str]] = []

    async def write(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        await self.gate.wait()
        if self.away:
            raise StoreUnavailable("away")
        self.written.append([patch.identifier for patch in patches])
        return [
            IdentityRow(id=place, identifier=patch.identifier, traits={}, numbers={})
            for place, patch in enumerate(patches)
        ]


class Heard:
    def __init__(self, commits: GroupCommit) -> None:
        self.commits = commits
        self.names: list[str] = []
        self.outcomes: list[Outcome] = []

    def submit(self, name: str) -> None:
        def tell(outcome: IdentityRow | TraitError) -> None:
            self.names.append(name)
            self.outcomes.append(outcome)

        self.commits.submit(TraitPatch(environment_id=7, identifier=name), tell)


def test_whoever_waits_hears_of_the_batch_in_order() -> None:
    async def story() -> None:
        batches = Batches()
        heard = Heard(GroupCommit(batches, WriterLimits(batch=2, timeout=30)))
        for name in ("ann", "bob", "cid"):
            heard.submit(name)
        batches.gate.set()
        await heard.commits.finish()
        assert batches.written == [["ann", "bob"], ["cid"]]
        assert heard.names == ["ann", "bob", "cid"]
        assert all(isinstance(outcome, IdentityRow) for outcome in heard.outcomes)

    asyncio.run(story())


def test_when_the_store_goes_away_the_batch_hears_of_it_before_those_behind_it() -> None:
    async def story() -> None:
        batches = Batches(away=True)
        heard = Heard(GroupCommit(batches, WriterLimits(batch=1, timeout=30)))
        for name in ("first", "second", "third"):
            heard.submit(name)
        batches.gate.set()
        await heard.commits.finish()
        assert heard.names == ["first", "second", "third"]
        assert all(isinstance(outcome, StoreUnavailable) for outcome in heard.outcomes)

    asyncio.run(story())


def test_whoever_was_told_that_it_took_too_long_is_not_told_again_when_it_ends() -> None:
    async def story() -> None:
        batches = Batches()
        heard = Heard(GroupCommit(batches, WriterLimits(batch=1, timeout=0.01)))
        heard.submit("ann")
        heard.submit("bob")
        async with asyncio.timeout(30):
            while len(heard.names) < 2:  # noqa: ASYNC110  # whoever waits is told by a plain call
                await asyncio.sleep(0)
        heard.submit("cid")
        batches.gate.set()
        await heard.commits.finish()
        assert batches.written == [["ann"]]
        assert heard.names == ["ann", "bob", "cid"]
        assert all(isinstance(outcome, StoreUnavailable) for outcome in heard.outcomes)
        heard.submit("dan")
        await heard.commits.finish()
        assert isinstance(heard.outcomes[-1], IdentityRow)

    asyncio.run(story())


def test_one_who_fails_to_listen_keeps_nobody_else_waiting(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        batches = Batches()
        heard = Heard(GroupCommit(batches, WriterLimits(timeout=30)))

        def fail(_: Outcome) -> None:
            raise ValueError("not listening")

        heard.commits.submit(TraitPatch(environment_id=7, identifier="ann"), fail)
        heard.submit("bob")
        batches.gate.set()
        await heard.commits.finish()
        assert heard.names == ["bob"]

    asyncio.run(story())
    assert "traits.waiter_failed" in caplog.text


def test_what_no_engine_can_keep_is_refused_before_it_waits() -> None:
    async def story() -> None:
        commits = GroupCommit(Batches(), WriterLimits(timeout=30))
        with pytest.raises(TraitRefused):
            await commits.apply(TraitPatch(environment_id=7, identifier="x" * 2001))
        assert commits.is_idle

    asyncio.run(story())
