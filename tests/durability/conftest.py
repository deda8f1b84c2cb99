import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.clients.burgee import Burgee, running_burgee
from tests.clients.shop import Shop
from tests.services.postgresql import postgresql_server

__all__ = ["postgresql_server"]  # one of their own: it will not be treated well


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Burgee]:
    """A stopped server: its migrated database, with an administrator, is copied for each test."""
    with running_burgee(tmp_path_factory.mktemp("prepared")) as server:
        server.end()
        yield server


@pytest.fixture
def burgee(prepared: Burgee, tmp_path: Path) -> Iterator[Burgee]:
    """A server of the test's own, on SQLite: it will not be treated well."""
    shutil.copytree(prepared.folder / "data", tmp_path / "data")
    server = Burgee(tmp_path)
    server.http.headers["Authorization"] = prepared.http.headers["Authorization"]
    with closing(server.http):
        try:
            server.start()
            yield server
        finally:
            server.kill()


@pytest.fixture
def shop(burgee: Burgee) -> Shop:
    made = Shop(burgee)
    made.feature("text", "hello")
    return made
