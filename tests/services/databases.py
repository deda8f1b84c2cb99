"""A database with the tables of the edge, for tests that run on each engine."""

import sqlite3
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

from burgee.edge.identities.group_commit import WriterLimits
from burgee.edge.identities.postgresql import PostgresqlTraits
from burgee.edge.identities.sqlite import SqliteTraits
from tests.services.postgresql import PostgresqlServer
from tests.services.schema import create_postgresql_tables, create_sqlite_tables


class SqliteDatabase:
    def __init__(self, path: Path, create_tables: Callable[[Path], None] = create_sqlite_tables) -> None:
        self.path = path
        create_tables(path)

    def traits_store(self, **options: Any) -> SqliteTraits:
        return SqliteTraits(self.path, **options)

    def query(self, statement: str, *values: object) -> Sequence[tuple[Any, ...]]:
        connection = sqlite3.connect(self.path)
        with connection:
            rows = connection.execute(statement, values).fetchall()
        connection.close()
        return rows


class PostgresqlDatabase:
    def __init__(self, conninfo: str, create_tables: Callable[[str], None] = create_postgresql_tables) -> None:
        self.conninfo = conninfo
        create_tables(conninfo)

    def traits_store(self, **options: Any) -> PostgresqlTraits:
        return PostgresqlTraits(self.conninfo, **options)

    def query(self, statement: str, *values: object) -> Sequence[tuple[Any, ...]]:
        with psycopg.connect(self.conninfo) as connection:
            cursor = connection.execute(statement.replace("?", "%s"), values)
            return cursor.fetchall() if cursor.description else []


Database = SqliteDatabase | PostgresqlDatabase

on_postgresql = pytest.param("postgresql", marks=pytest.mark.database)


@pytest.fixture
def postgresql_database(postgresql_server: PostgresqlServer) -> PostgresqlDatabase:
    return PostgresqlDatabase(postgresql_server.create_database(f"t{uuid.uuid4().hex}"))


@pytest.fixture
def sqlite_database(tmp_path: Path) -> SqliteDatabase:
    return SqliteDatabase(tmp_path / "burgee.db")


@pytest.fixture(params=["sqlite", on_postgresql])
def database(request: pytest.FixtureRequest) -> Database:
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


LONG = WriterLimits(timeout=30)
"""So that a busy machine does not look like a dead database."""
