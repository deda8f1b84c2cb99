import uuid
from collections.abc import Callable, Iterator

import pymysql
import pytest

from burgee.settings_reader import Database, parse_database_url
from tests.control.transfer.installations import a_blank_file, a_copy, live_in, random_steps
from tests.services.mariadb import running_mariadb
from tests.services.migrated import migrate
from tests.services.postgresql import PostgresqlServer, postgresql_server

__all__ = ["postgresql_server"]


@pytest.fixture(scope="session")
def mariadb_url() -> Iterator[str]:
    with running_mariadb() as url:
        yield url


@pytest.fixture
def empty(request, tmp_path) -> Callable[..., Database]:
    """An empty database of an engine; on SQLite and when `migrated`, with its tables."""

    def make(engine: str, *, migrated: bool = False) -> Database:
        if engine == "sqlite":
            return a_blank_file(tmp_path)
        if engine == "postgresql":
            return parse_database_url(on_postgresql(request.getfixturevalue("postgresql_server"), migrated=migrated))
        url = on_mariadb(request.getfixturevalue("mariadb_url"))
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


def on_mariadb(url: str) -> str:
    """The address of a new, empty database."""
    server = parse_database_url(url)
    name = f"transfer_{uuid.uuid4().hex}"
    login = {"user": server.user, "password": server.password, "host": server.host, "port": server.port}
    with pymysql.connect(**login) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    return url.rpartition("/")[0] + "/" + name


@pytest.fixture(scope="session")
def lived_in() -> dict[tuple[str, int], Database]:
    """Installations by engine and seed, to be copied: people need seconds to work in one."""
    return {}


@pytest.fixture
def installation(request, empty, lived_in, tmp_path, tmp_path_factory) -> Callable[..., Database]:
    """A database of an engine in which people have worked."""

    def make(engine: str, seed: int = 1) -> Database:
        if engine == "mariadb":
            database = empty(engine, migrated=True)
            live_in(database, random_steps(seed))
            return database
        found = lived_in.get((engine, seed))
        if found is None:
            found = (
                a_blank_file(tmp_path_factory.mktemp("lived")) if engine == "sqlite" else empty(engine, migrated=True)
            )
            live_in(found, random_steps(seed))
            lived_in[engine, seed] = found
        if engine == "sqlite":
            return a_copy(found, tmp_path)
        server: PostgresqlServer = request.getfixturevalue("postgresql_server")
        name = f"transfer_{uuid.uuid4().hex}"
        server.create_database(name, found.name)
        return parse_database_url(server.url(name))

    return make
