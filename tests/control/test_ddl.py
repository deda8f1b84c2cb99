"""Every migration compiles for the engines that no test can reach: it is proven that DDL comes out and parses."""

import os
from collections.abc import Iterator
from typing import Any, Self

import pytest
import sqlglot
from django.apps import apps
from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.utils import load_backend

ENGINES = {
    "oracle": ("django.db.backends.oracle", {"oracle_version": (19, 0)}),
    "tsql": ("mssql", {"sql_server_version": 2022, "to_azure_sql_db": False}),
}


class StubCursor:
    """Answers every question with nothing."""

    rowcount = 0
    description = ()

    def execute(self, *_: Any) -> "StubCursor":
        return self

    def fetchone(self) -> None:
        return None

    def fetchall(self) -> list[Any]:
        return []

    def close(self) -> None:
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter(())


def unconnected(dialect: str) -> BaseDatabaseWrapper:
    """The engine's wrapper, which believes that it is connected."""
    name, facts = ENGINES[dialect]
    entry = {
        "ENGINE": name,
        "NAME": "burgee",
        "USER": "burgee",
        "PASSWORD": "",
        "HOST": "nowhere",
        "PORT": "1",
        "OPTIONS": {},
        "TIME_ZONE": None,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False,
        "TEST": {},
    }
    wrapper = load_backend(name).DatabaseWrapper(entry, "default")
    for fact, value in facts.items():
        wrapper.__dict__[fact] = value
    wrapper.ensure_connection = lambda: None
    wrapper.cursor = StubCursor
    return wrapper


def statements(dialect: str) -> list[str]:
    connection = unconnected(dialect)
    loader = MigrationLoader(None)
    state = loader.project_state([])
    found: list[str] = []
    for key in order(loader):
        migration: migrations.Migration = loader.graph.nodes[key]
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            state = migration.apply(state, editor, collect_sql=True)
        found += [line for line in editor.collected_sql if line.strip() and not line.startswith("--")]
    return found


def order(loader: MigrationLoader) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for leaf in loader.graph.leaf_nodes():
        found += [key for key in loader.graph.forwards_plan(leaf) if key not in found]
    return found


@pytest.mark.parametrize("dialect", ENGINES)
def test_all_migrations_compile_to_statements_that_parse(dialect):
    if dialect == "tsql" and "CI" not in os.environ:
        pytest.importorskip("pyodbc", reason="needs the system package unixodbc", exc_type=ImportError)
    compiled = statements(dialect)
    for model in apps.get_models():
        assert any("CREATE TABLE" in text and model._meta.db_table in text.lower() for text in compiled)
    for text in compiled:
        assert sqlglot.parse(text, read=dialect)
