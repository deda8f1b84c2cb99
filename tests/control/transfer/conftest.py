import uuid
from collections.abc import Callable

import pytest

from burgee.settings_reader import Database, parse_database_url
from tests.control.transfer.installations import a_blank_file, a_copy, live_in, random_steps
from tests.services import mariadb
from tests.services.migrated import migrate
from tests.services.postgresql import PostgresqlServer


@pytest.fixture
def empty(request, tmp_path) -> Callable[..., Database]:
    """An empty database of an engine; on SQLite and when `migrated`, with its tables."""

    def make(engine: str, *, migrated: bool = False) -> Database:
        if engine == "sqlite":
            return a_blank_file(tmp_path)
        if engine == "postgresql":
            return parse_database_url(on_postgresql(request.getfixturevalue("postgresql_server"), migrated=migrated))
        url = mariadb.create_database(request.getfixturevalue("mariadb_url"))
        if migrated:
            migrate(url, tmp_path)
        return parse_database_url(url)

    return make


def on_postgresql(server: PostgresqlServer, *, migrated: bool) -> str:
    """The address of a new database."""
    name = f"transfer_{uuid.uuid4().hex}"
    if migrated:
        return server.create_migrated(name)
    server.create_database(name)
    return server.url(name)


@pytest.fixture(scope="session")
def lived_in() -> dict[tuple[str, int], Database]:
    """Installations by engine and seed, to be copied: people need seconds to work in one."""
    return {}


@pytest.fixture
def installation(request, empty, lived_in, tmp_path, tmp_path_factory) -> Callable[..., Database]:
    """A database of an engine in which people have worked; that of MariaDB is shared, and only to be read."""

    def make(engine: str, seed: int = 1) -> Database:
        found = lived_in.get((engine, seed))
        if found is None:
            found = (
                a_blank_file(tmp_path_factory.mktemp("lived")) if engine == "sqlite" else empty(engine, migrated=True)
            )
            live_in(found, random_steps(seed))
            lived_in[engine, seed] = found
        if engine == "sqlite":
            return a_copy(found, tmp_path)
        if engine == "mariadb":
            return found
        server: PostgresqlServer = request.getfixturevalue("postgresql_server")
        name = f"transfer_{uuid.uuid4().hex}"
        server.create_database(name, found.name)
        return parse_database_url(server.url(name))

    return make
