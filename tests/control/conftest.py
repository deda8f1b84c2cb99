"""What tests of the control plane share."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import override_settings

from burgee.control.events.publish import publishing_pending
from burgee.control.kit.quick_states import quick_states
from burgee.control.publishing import sinks


@pytest.fixture(scope="session")
def _made_quickly() -> Iterator[ExitStack]:
    """The test database is made as `burgee migrate` makes one."""
    with ExitStack() as making:
        making.enter_context(quick_states())
        yield making


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, _made_quickly) -> None:
    """What pytest-django asks for right before it makes the database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, _made_quickly) -> None:
    _made_quickly.close()


@pytest.fixture(autouse=True, scope="session")
def _emptied_quickly() -> Iterator[None]:
    """What Django itself wrote when it made the tables stays: it would write the same again after each test."""
    kept = {ContentType._meta.db_table, Permission._meta.db_table}

    def all_others(style, connection, **options):
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        return connection.ops.sql_flush(style, [name for name in names if name not in kept], **options)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(flush, "sql_flush", all_others)
        patched.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["tests.control.hashing.QuickArgon2"]):
        yield


@pytest.fixture(autouse=True)
def _nothing_pending() -> Iterator[None]:
    token = publishing_pending.set(False)
    yield
    publishing_pending.reset(token)


@pytest.fixture(autouse=True)
def _nothing_delivered(monkeypatch) -> None:
    """Tests use the same environment ids, and a former one may have drawn a later epoch."""
    monkeypatch.setattr(sinks, "_delivered", {})


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """`with committing():` runs at its end what a commit would run, within the test's transaction."""

    @contextmanager
    def committed() -> Iterator[None]:
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return committed


@pytest.fixture
def readers_hold_up_nobody() -> Iterator[None]:
    """The test database of SQLite lives in memory, where readers lock what a file with a WAL does not."""

    def calm(connection, **_) -> None:
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA read_uncommitted = 1")

    connection_created.connect(calm)
    calm(connection)
    yield
    connection_created.disconnect(calm)
