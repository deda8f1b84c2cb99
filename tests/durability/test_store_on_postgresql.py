"""Several processes on one PostgreSQL, and PostgreSQL taken away from them."""

import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.clients.burgee import Burgee, running_burgee, wait_until
from tests.clients.shop import Shop
from tests.durability.load import Load, stored_traits
from tests.durability.test_store_on_sqlite import identify, is_degraded, text_of
from tests.services.postgresql import PostgresqlServer

pytestmark = pytest.mark.process

PROCESSES = 4
IDENTITIES = 10


@pytest.fixture
def database_url(postgresql_server: PostgresqlServer) -> str:
    return postgresql_server.create_migrated(f"d{uuid.uuid4().hex}")


@pytest.fixture
def burgee(tmp_path: Path, database_url: str) -> Iterator[Burgee]:
    with running_burgee(tmp_path, DATABASE_URL=database_url) as server:
        yield server


@pytest.fixture
def shop(burgee: Burgee) -> Shop:
    made = Shop(burgee)
    made.feature("text", "hello")
    return made


@contextmanager
def edge(folder: Path, burgee: Burgee, database_url: str) -> Iterator[Burgee]:
    """A further process that serves the same database."""
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "secrets.json").write_bytes((burgee.folder / "data" / "secrets.json").read_bytes())
    server = Burgee(folder, "edge", DATABASE_URL=database_url)
    with closing(server.http):
        try:
            server.start()
            yield server
        finally:
            server.kill()


def serves(server: Burgee, shop: Shop) -> bool:
    return server.http.get("/api/v1/flags/", headers={"X-Environment-Key": shop.key}).status_code == 200


@contextmanager
def hung(server: PostgresqlServer) -> Iterator[None]:
    """Its processes are there and do nothing, as with a disk that does not answer."""
    main = int((server._data / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    pids = [main, *map(int, children)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_four_processes_patch_the_same_identities_and_nothing_is_missing(
    shop: Shop, burgee: Burgee, database_url: str, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        others = [stack.enter_context(edge(tmp_path / f"edge{n}", burgee, database_url)) for n in range(1, PROCESSES)]
        servers = [burgee, *others]
        wait_until(lambda: all(serves(server, shop) for server in others), "all have caught up")
        load = Load(servers, shop.key, identities=IDENTITIES)
        with load.running(clients=PROCESSES):
            wait_until(lambda: load.count >= 400, "the load is under way")
            others[-1].kill()
            reached = load.count
            wait_until(lambda: load.count >= reached + 40, "the others go on")
        assert {int(trait.partition("-")[0][1:]) for _, trait in load.acknowledged} == set(range(PROCESSES))
        assert load.missing(stored_traits(others[0], shop.key, IDENTITIES)) == []
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT count(*) FROM identities_identity").fetchone()
    assert rows == (IDENTITIES,)


def rows_of(database_url: str, identifier: str) -> list[str]:
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT traits FROM identities_identity WHERE identifier = %s", (identifier,))
        return [traits for (traits,) in found]


def test_without_it_flags_are_served_and_traits_are_kept(
    shop: Shop, burgee: Burgee, postgresql_server: PostgresqlServer, database_url: str, tmp_path: Path
) -> None:
    identify(shop, "ann", colour="red")
    assert not is_degraded(identify(shop, "ann"))
    with edge(tmp_path / "edge", burgee, database_url) as other:
        wait_until(lambda: serves(other, shop), "it has caught up")
        wait_until(lambda: list(other.folder.glob("data/snapshots/*.json")), "its last good snapshot is on its disk")
        postgresql_server.stop()
        try:
            kept = identify(shop, "ann", plan="pro")
            assert (text_of(kept), is_degraded(kept)) == ("hello", True)
            passing = identify(shop, "bob", transient=True, plan="pro")
            assert text_of(passing) == "hello"
            assert shop.flags()["text"]["feature_state_value"] == "hello"
            other.kill()
            other.start()
            assert serves(other, shop)
        finally:
            postgresql_server.start()
    wait_until(lambda: not is_degraded(identify(shop, "canary")), "the journal is replayed")
    assert shop.traits_of("ann") == {"colour": "red", "plan": "pro"}
    assert rows_of(database_url, "bob") == []


def test_when_it_hangs_answers_come_all_the_same(
    shop: Shop, burgee: Burgee, postgresql_server: PostgresqlServer
) -> None:
    identify(shop, "ann", colour="red")
    with hung(postgresql_server):
        assert shop.flags()["text"]["feature_state_value"] == "hello"
        kept = identify(shop, "ann", plan="pro")
        assert (text_of(kept), is_degraded(kept)) == ("hello", True)
        assert text_of(identify(shop, "bob", transient=True, plan="pro")) == "hello"
    wait_until(lambda: not is_degraded(identify(shop, "canary")), "the journal is replayed")
    assert shop.traits_of("ann") == {"colour": "red", "plan": "pro"}
