"""A whole installation in another database: the same rows, the same documents, a higher epoch."""

import psycopg
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from burgee.cli.installation.moving import move
from burgee.control.publishing.epochs import last_epoch
from burgee.control.publishing.models import Head
from burgee.control.publishing.parts import build_all
from burgee.control.publishing.queries import snapshot
from burgee.control.transfer import rows
from burgee.control.transfer.errors import TransferRefused
from burgee.control.transfer.progress import silent
from burgee.settings_reader import Database
from tests.control.transfer.installations import counts_of, facts_of, live_in, speaking_to
from tests.factories.environments import an_environment
from tests.factories.projects import a_project

pytestmark = pytest.mark.django_db

WAYS = [("sqlite", "postgresql"), ("postgresql", "mariadb"), ("mariadb", "postgresql"), ("sqlite", "sqlite")]
"""Each engine gives and takes; PostgreSQL, the strictest about types, takes from both of the others, once into tables
that are there."""


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_everything_arrives_and_says_the_same(installation, empty, source, target):
    there, here = installation(source), empty(target, migrated=source == "mariadb")
    before = facts_of(there)
    assert move(there, here, progress=silent) == len(before[0]) > 0
    assert facts_of(here) == before
    with speaking_to(here):
        # Rows made later get keys of their own: the sequences follow what was copied.
        added = an_environment(a_project())
        assert str(added.pk) not in before[0]
    assert counts_of(there)["environments.environment"] + 1 == counts_of(here)["environments.environment"]


def test_every_environment_is_published_under_a_higher_epoch(installation, empty):
    there, here = installation("sqlite"), empty("sqlite")
    move(there, here, progress=silent)
    with speaking_to(there):
        earlier = last_epoch()
    with speaking_to(here):
        assert last_epoch() > earlier
        heads = list(Head.objects.all())
        assert {head.epoch for head in heads} == {last_epoch()}
        assert all(snapshot(head.pk).parts == build_all(head.pk) for head in heads)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_target_that_holds_something_is_refused_and_left_alone(installation, engine):
    there, here = installation("sqlite"), installation(engine, seed=2)
    before = facts_of(here)
    with pytest.raises(TransferRefused, match="not empty"):
        move(there, here, progress=silent)
    assert facts_of(here) == before


def test_a_target_with_tables_of_somebody_else_is_refused(installation, empty):
    here = empty("postgresql")
    with speaking_to(here), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE invoices (id integer)")
    with pytest.raises(TransferRefused, match="invoices"):
        move(installation("sqlite"), here, progress=silent)


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_a_move_that_fails_on_the_way_leaves_the_target_empty(installation, empty, engine, monkeypatch):
    there, here = installation("sqlite"), empty(engine, migrated=engine == "postgresql")

    def broken(what: str, done: int, _total: int) -> None:
        if what == "identities.identity" and done:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        move(there, here, progress=broken)
    assert sum(counts_of(here)[name] for name in ("organisations.organisation", "features.feature")) == 0
    before = facts_of(there)
    move(there, here, progress=silent)
    assert facts_of(here) == before


def test_half_a_schema_that_an_interrupted_move_left_is_said_in_words(installation, empty):
    """MariaDB keeps the tables of a migration that was never finished."""
    here = empty("mariadb")
    with speaking_to(here), connection.cursor() as cursor:
        MigrationRecorder(connection).ensure_schema()
        cursor.execute("CREATE TABLE django_content_type (id integer)")
    with pytest.raises(TransferRefused, match="Empty it, then run this again"):
        move(installation("sqlite"), here, progress=silent)


def test_a_document_that_would_differ_stops_the_move(installation, empty, monkeypatch):
    there, here = installation("sqlite"), empty("postgresql", migrated=True)
    insert = rows.insert

    def distorting(table, given):
        if table._meta.label_lower == "features.feature":
            at = [field.attname for field in table._meta.concrete_fields].index("description")
            given = [(*row[:at], "another", *row[at + 1 :]) for row in given]
        insert(table, given)

    monkeypatch.setattr(rows, "insert", distorting)
    with pytest.raises(TransferRefused, match="would not be the same"):
        move(there, here, progress=silent)
    assert counts_of(here)["features.feature"] == 0


def test_others_read_but_do_not_write_while_rows_arrive(installation, empty, postgresql_server):
    there, here = installation("sqlite"), empty("postgresql", migrated=True)
    refused = []

    def meanwhile(what: str, done: int, _total: int) -> None:
        if what != "identities.identity" or done:
            return
        with psycopg.connect(postgresql_server.url(here.name), autocommit=True) as edge:
            assert edge.execute("SELECT count(*) FROM usage_evaluation").fetchone() == (0,)
            edge.execute("SET lock_timeout = '50ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable) as error:
                edge.execute("DELETE FROM usage_evaluation")
            refused.append(error)

    move(there, here, progress=meanwhile)
    assert refused


def test_a_source_that_was_never_migrated_is_refused(tmp_path, empty):
    bare = Database(engine="sqlite", name=str(tmp_path / "bare.sqlite3"))
    with speaking_to(bare), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with pytest.raises(TransferRefused, match="burgee migrate"):
        move(bare, empty("sqlite"), progress=silent)


def test_rows_that_come_in_many_chunks_all_arrive(empty, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK", 7)
    monkeypatch.setattr(rows, "LARGEST_INSERT", 500)
    there, here = empty("sqlite"), empty("postgresql", migrated=True)
    live_in(there, [(0, number, 0, 0) for number in range(30)])
    before = facts_of(there)
    move(there, here, progress=silent)
    assert facts_of(here) == before
    with speaking_to(here), connection.cursor() as cursor:
        # The planner knows of them: what it takes for empty it searches in ways that are slow.
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'environments_environment'")
        assert cursor.fetchone()[0] > 0
