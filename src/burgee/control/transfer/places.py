"""Databases beside the configured one, and who answers to Django's names for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from burgee.control.kit.databases import django_database
from burgee.control.transfer.errors import TransferRefused
from burgee.settings_reader import Database

DEFAULT: Final = DEFAULT_DB_ALIAS
SOURCE: Final = "source"
"""The name under which rows are read while the default takes them."""

ONE_STATE: Final[dict[str, tuple[str, ...]]] = {
    "postgresql": ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",),
    "mysql": (
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    ),
    "oracle": ("SET TRANSACTION READ ONLY",),
}
"""By vendor, what makes every read of a transaction see the moment at which it began."""


@contextmanager
def opened(database: Database) -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own to `database`, closed at the end."""
    entry = connections.configure_settings({DEFAULT: django_database(database)})[DEFAULT]
    wrapper: BaseDatabaseWrapper = load_backend(entry["ENGINE"]).DatabaseWrapper(entry, DEFAULT)
    try:
        yield wrapper
    finally:
        wrapper.close()


@contextmanager
def answering(wrapper: BaseDatabaseWrapper, alias: str = DEFAULT) -> Iterator[None]:
    """Have everything in this thread that asks for `alias` speak to `wrapper`."""
    before = connections[alias] if alias == DEFAULT else None
    connections[alias] = wrapper
    try:
        yield
    finally:
        if before is None:
            del connections[alias]
        else:
            connections[alias] = before


@contextmanager
def one_state(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """Read from a server as if nobody wrote meanwhile; writers are not held up."""
    statements = ONE_STATE.get(wrapper.vendor)
    if statements is None:
        raise TransferRefused(f"Burgee cannot read {wrapper.display_name} at one moment. Use the database's own tools.")
    wrapper.set_autocommit(False)
    try:
        with wrapper.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        yield
    finally:
        wrapper.rollback()
        wrapper.set_autocommit(True)
