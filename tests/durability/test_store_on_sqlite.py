"""The embedded database taken away while the server runs."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import pytest

from tests.clients.burgee import Burgee, wait_until
from tests.clients.shop import Shop, as_traits, condition

pytestmark = pytest.mark.process


@pytest.fixture
def shop(shop: Shop) -> Shop:
    shop.segment("pros", condition("plan", "EQUAL", "pro"))
    shop.override_segment("text", "pros", "hello pro")
    return shop


def identify(shop: Shop, identifier: str, *, transient: bool = False, **traits: Any) -> httpx.Response:
    body = {"identifier": identifier, "traits": as_traits(traits), "transient": transient}
    return shop.burgee.http.post("/api/v1/identities/", json=body, headers={"X-Environment-Key": shop.key})


def text_of(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()["flags"][0]["feature_state_value"]


def is_degraded(answer: httpx.Response) -> bool:
    return "burgee-degraded" in answer.headers


def rows_of(burgee: Burgee, identifier: str) -> list[str]:
    with closing(sqlite3.connect(burgee.database)) as connection:
        found = connection.execute("SELECT traits FROM identities_identity WHERE identifier = ?", (identifier,))
        return [traits for (traits,) in found]


@contextmanager
def locked(burgee: Burgee) -> Iterator[None]:
    """Another process writes, and does not come to an end."""
    with closing(sqlite3.connect(burgee.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def files_no_larger_than(burgee: Burgee, size: int) -> Iterator[None]:
    """As when the disk is full: what would grow a file beyond `size` fails."""
    assert burgee.process is not None
    pid = burgee.process.pid
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


def recovered(shop: Shop) -> bool:
    return not is_degraded(identify(shop, "canary", plan="pro"))


def test_while_it_is_locked_traits_are_kept_and_arrive_later(shop: Shop, burgee: Burgee) -> None:
    identify(shop, "ann", colour="red")
    with locked(burgee):
        first = identify(shop, "ann", plan="pro")
        assert (text_of(first), is_degraded(first)) == ("hello pro", True)
        again = identify(shop, "ann")
        assert (text_of(again), is_degraded(again)) == ("hello pro", True)
        assert {one["trait_key"] for one in again.json()["traits"]} == {"colour", "plan"}
        passing = identify(shop, "bob", transient=True, plan="pro")
        assert (text_of(passing), is_degraded(passing)) == ("hello pro", False)
        assert shop.flags()["text"]["feature_state_value"] == "hello"
        assert rows_of(burgee, "ann") == ['{"colour":"red"}']
    wait_until(lambda: recovered(shop), "the journal is replayed")
    assert shop.traits_of("ann") == {"colour": "red", "plan": "pro"}
    assert rows_of(burgee, "bob") == []


def test_what_waits_in_the_journal_survives_a_kill(shop: Shop, burgee: Burgee) -> None:
    with locked(burgee):
        assert is_degraded(identify(shop, "ann", plan="pro"))
        burgee.kill()
    burgee.start()
    wait_until(lambda: recovered(shop), "the journal is replayed")
    assert shop.traits_of("ann") == {"plan": "pro"}


def test_a_full_disk_is_told_apart_from_a_lasting_journal(shop: Shop, burgee: Burgee) -> None:
    identify(shop, "known", plan="pro")
    kept, refused = [], None
    with files_no_larger_than(burgee, 2048):
        for number in range(100):
            answer = identify(shop, f"late{number}", plan="pro", number=number)
            if answer.status_code != 200:
                refused = answer
                break
            assert is_degraded(answer)
            assert text_of(answer) == "hello pro"
            kept.append(number)
        assert kept
        assert refused is not None
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert shop.flags()["text"]["feature_state_value"] == "hello"
        assert text_of(identify(shop, "bob", transient=True, plan="pro")) == "hello pro"
    wait_until(lambda: recovered(shop), "the journal is replayed")
    for number in kept:
        assert shop.traits_of(f"late{number}") == {"plan": "pro", "number": number}


def test_without_store_and_journal_nothing_is_promised(shop: Shop, burgee: Burgee) -> None:
    with files_no_larger_than(burgee, 0):
        answer = identify(shop, "ann", plan="pro")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert shop.flags()["text"]["feature_state_value"] == "hello"
        assert text_of(identify(shop, "ann", transient=True, plan="pro")) == "hello pro"
    wait_until(lambda: identify(shop, "ann", plan="pro").status_code == 200, "it recovers")
    assert shop.traits_of("ann") == {"plan": "pro"}
