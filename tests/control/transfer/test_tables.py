"""The schema that a database has, which need not be today's."""

import pytest
from django.core.management import call_command
from django.db import connection

from burgee.cli.installation.restoring import restore
from burgee.cli.installation.saving import save
from burgee.control.organisations.models import Organisation
from burgee.control.transfer.archive import opened_archive
from burgee.control.transfer.errors import TransferRefused
from burgee.control.transfer.progress import silent
from burgee.control.transfer.tables import all_migrations, all_tables, label, migrate_to
from burgee.control.usage.models import Evaluation
from burgee.settings_reader import Database
from tests.control.transfer.installations import a_blank_file, counts_of, speaking_to
from tests.factories.organisations import an_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def older(tmp_path) -> list[str]:
    """Today's migrations without those of an app that nothing stands on."""
    with speaking_to(a_blank_file(tmp_path)):
        return [name for name in all_migrations() if not name.startswith("usage.")]


def test_an_older_schema_can_be_made_and_brought_to_todays(tmp_path, older):
    with speaking_to(Database(engine="sqlite", name=str(tmp_path / "older"))):
        migrate_to(older)
        assert list(all_migrations()) == older
        assert not any(label(table).startswith("usage.") for table in all_tables())
        assert "usage_evaluation" not in connection.introspection.table_names()
        call_command("migrate", verbosity=0)
        assert any(label(table) == "usage.evaluation" for table in all_tables())


def test_tables_come_after_those_that_they_refer_to(tmp_path):
    with speaking_to(a_blank_file(tmp_path)):
        order = [label(table) for table in all_tables()]
        for table in all_tables():
            related = [field.related_model for field in table._meta.concrete_fields if field.is_relation]
            for model in related:
                assert order.index(model._meta.label_lower) <= order.index(label(table))


def test_every_table_of_the_database_is_carried(tmp_path):
    with speaking_to(a_blank_file(tmp_path)):
        carried = {table._meta.db_table for table in all_tables()}
        assert set(connection.introspection.table_names()) - carried == {"django_migrations"}


def test_what_is_carried_to_and_fro_by_tests_has_a_row_in_every_table(installation):
    """A table that is empty in all of them could lose its rows without a test that fails."""
    assert {name for name, count in counts_of(installation("sqlite")).items() if count == 0} == set()


def test_a_backup_of_an_older_schema_is_brought_to_todays(tmp_path, empty, older):
    there, here = empty("postgresql"), empty("sqlite")
    with speaking_to(there):
        migrate_to(older)
        an_organisation(name="Acme")
    manifest = save(there, tmp_path / "file", passphrase=None, progress=silent)
    assert (manifest.kind, manifest.documents) == ("rows", None)
    with opened_archive(tmp_path / "file") as archive:
        restore(archive, here, replacing=False, progress=silent)
    with speaking_to(here):
        assert Organisation.objects.get().name == "Acme"
        assert Evaluation.objects.count() == 0


def test_a_database_of_a_newer_burgee_is_refused(tmp_path):
    database = a_blank_file(tmp_path)
    with speaking_to(database), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('features', '9999_tomorrow', '2030-01-01')"
        )
    with pytest.raises(TransferRefused, match=r"newer Burgee.*features\.9999_tomorrow"):
        save(database, tmp_path / "file", passphrase=None, progress=silent)
