"""New identities: who may make them, and what is never asked."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from burgee.edge.identities import traits as traits_module
from burgee.edge.identities.admission import Admission, AdmissionLimits
from burgee.edge.identities.protocol import IdentityRefused, TraitPatch, TraitRefused, TraitsStore
from tests.services.databases import LONG, Database

ENVIRONMENT = 7
TWO_A_MINUTE = AdmissionLimits(per_minute=2)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def patch(identifier: str, origin: Any = "client", **parts: Any) -> TraitPatch:
    return TraitPatch(environment_id=ENVIRONMENT, identifier=identifier, origin=origin, **parts)


def nobody(environment_id: int) -> int:
    raise AssertionError(f"environment {environment_id} was counted")


def admitted(admission: Admission, one: TraitPatch) -> bool:
    try:
        admission.admit(one)
    except IdentityRefused:
        return False
    return True


def test_the_rate_fills_up_again_and_each_environment_has_its_own() -> None:
    clock = Clock()
    admission = Admission(TWO_A_MINUTE, nobody, clock=clock)
    assert [admitted(admission, patch("a")) for _ in range(3)] == [True, True, False]
    assert admitted(admission, TraitPatch(environment_id=8, identifier="a", origin="client"))
    clock.now = 30.0
    assert [admitted(admission, patch("a")) for _ in range(2)] == [True, False]


@pytest.mark.parametrize("origin", ["server", "journal"])
def test_server_keys_and_acknowledged_patches_are_not_limited(origin: str) -> None:
    admission = Admission(AdmissionLimits(per_minute=1, per_environment=1), nobody, clock=Clock())
    assert all(admitted(admission, patch("a", origin)) for _ in range(3))


def test_asking_takes_nothing() -> None:
    admission = Admission(TWO_A_MINUTE, nobody, clock=Clock())
    for _ in range(5):
        admission.check(patch("a"))


def test_a_full_environment_is_counted_once_ids_are_high_enough() -> None:
    counted: list[int] = []

    def count(environment_id: int) -> int:
        counted.append(environment_id)
        return 3

    admission = Admission(AdmissionLimits(per_environment=4), count, clock=Clock())
    admission.created(ENVIRONMENT, 3)
    assert admitted(admission, patch("a"))
    assert counted == []
    admission.created(8, 4)
    deadline = time.monotonic() + 5
    assert admitted(admission, patch("a"))
    while not counted and time.monotonic() < deadline:
        time.sleep(0.001)
    assert counted == [ENVIRONMENT]
    while admitted(admission, patch("a")) and time.monotonic() < deadline:
        admission.created(ENVIRONMENT, 5)
    assert not admitted(admission, patch("a"))
    assert admitted(admission, patch("a", "server"))


def test_a_full_disk_refuses_whatever_the_key_but_not_what_was_acknowledged(tmp_path: Path) -> None:
    admission = Admission(AdmissionLimits(free=2**62), nobody, disk=tmp_path)
    assert [admitted(admission, patch("a", origin)) for origin in ("client", "server", "journal")] == [
        False,
        False,
        True,
    ]


def test_refusals_are_logged_once_a_minute_with_their_number(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    admission = Admission(AdmissionLimits(per_minute=1), nobody, clock=clock)
    for second in (0.0, 1.0, 2.0, 3.0):
        clock.now = second
        admitted(admission, patch("secret-name"))
    clock.now = 61.5
    assert [admitted(admission, patch("secret-name")) for _ in range(2)] == [True, False]
    lines = [one.getMessage() for one in caplog.records]
    assert [line.split(" ")[1] for line in lines] == ["count=1", "count=3"]
    assert "secret-name" not in "".join(lines)


def use(database: Database, story: Callable[[TraitsStore], Awaitable[Any]], **options: Any) -> Any:
    async def run() -> Any:
        store = database.traits_store(limits=LONG, **options)
        await store.start()
        try:
            return await story(store)
        finally:
            await store.close()

    return asyncio.run(run())


def test_stores_refuse_new_identities_beyond_the_rate_and_keep_serving_known_ones(database: Database) -> None:
    async def story(store: TraitsStore) -> None:
        await store.apply(patch("a", set={"n": 1}))
        outcomes = await store.apply_many([patch("b"), patch("c"), patch("a", set={"n": 2}), patch("d", "server")])
        refused = [isinstance(outcome, IdentityRefused) for outcome in outcomes]
        assert (sum(refused[:2]), refused[2:]) == (1, [False, False])
        loser = "bc"[refused.index(True)]
        with pytest.raises(IdentityRefused):
            await store.apply(patch(loser, set={"n": 1}))
        assert (await store.apply(patch("a", set={"n": 3}))).traits == {"n": 3}
        assert await store.read(ENVIRONMENT, loser) is None

    use(database, story, newcomers=TWO_A_MINUTE)


def test_an_identity_cannot_have_more_traits_than_allowed(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(store: TraitsStore) -> None:
        await store.apply(patch("a", set={"a": 1, "b": 1, "c": 1}))
        with pytest.raises(TraitRefused):
            await store.apply(patch("a", set={"d": 1}))
        with pytest.raises(TraitRefused):
            await store.apply(patch("b", set=dict.fromkeys("abcd", 1)))
        assert (await store.apply(patch("a", set={"d": 1}, delete=("a",)))).traits == {"b": 1, "c": 1, "d": 1}
        outcomes = await store.apply_many([patch("a", set={"b": 2}), patch("a", set={"e": 1})])
        assert [isinstance(outcome, TraitRefused) for outcome in outcomes] == [False, True]
        assert (await store.apply(patch("a"))).traits == {"b": 2, "c": 1, "d": 1}
        assert await store.read(ENVIRONMENT, "b") is None

    monkeypatch.setattr(traits_module, "TRAITS_PER_IDENTITY", 3)
    use(database, story)


def test_a_trait_key_beyond_the_last_number_is_refused_and_not_stored(database: Database) -> None:
    async def story(store: TraitsStore) -> None:
        await store.apply(patch("a", set={"a": 1}))
        with pytest.raises(TraitRefused):
            await store.apply(patch("a", set={"b": 1}))
        assert (await store.apply(patch("a", set={"a": 2}))).traits == {"a": 2}

    last = 2**20 - 1
    statement = "INSERT INTO identities_traitkey (environment_id, number, name, lookup) VALUES (?, ?, 'last', 'x')"
    database.query(statement, ENVIRONMENT, last - 1)
    use(database, story)


def test_the_identities_of_an_environment_are_counted_where_they_are(database: Database) -> None:
    async def story(store: TraitsStore) -> None:
        for name in "abc":
            await store.apply(patch(name))
        deadline = time.monotonic() + 10
        outcome: Any = None
        while not isinstance(outcome, IdentityRefused) and time.monotonic() < deadline:
            (outcome,) = await store.apply_many([patch(f"late-{time.monotonic_ns()}")])
        assert isinstance(outcome, IdentityRefused)
        assert (await store.apply(patch("a", set={"n": 1}))).traits == {"n": 1}

    use(database, story, newcomers=AdmissionLimits(per_environment=3))
