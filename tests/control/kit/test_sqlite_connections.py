"""A connection to SQLite is kept from request to request, for as long as its file is the database."""

import sqlite3
from contextlib import closing

import pytest
from django.db.utils import ConnectionHandler

from burgee.control.kit.databases import django_database
from burgee.settings_reader import Database


@pytest.fixture
def connection(tmp_path, django_db_blocker):
    database = Database(engine="sqlite", name=str(tmp_path / "burgee.sqlite3"), conn_max_age=60)
    connection = ConnectionHandler({"default": django_database(database)})["default"]
    with django_db_blocker.unblock():
        connection.cursor().execute("CREATE TABLE before_restore (id integer)")
        yield connection
        connection.close()


def tables(connection) -> list[str]:
    """As the next request sees them."""
    connection.close_if_unusable_or_obsolete()
    return connection.introspection.table_names()


def test_it_outlives_a_request(connection):
    opened = connection.connection

    assert tables(connection) == ["before_restore"]
    assert connection.connection is opened


def test_it_is_opened_anew_when_another_file_took_the_place(connection, tmp_path):
    with closing(sqlite3.connect(tmp_path / "restored.sqlite3")) as restored:
        restored.execute("CREATE TABLE after_restore (id integer)")
    for companion in ("burgee.sqlite3-wal", "burgee.sqlite3-shm"):
        (tmp_path / companion).unlink()
    (tmp_path / "restored.sqlite3").rename(tmp_path / "burgee.sqlite3")

    assert tables(connection) == ["after_restore"]
