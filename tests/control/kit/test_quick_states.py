import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from burgee.control.kit.quick_states import quick_states
from burgee.settings_reader import Database
from tests.control.transfer.installations import speaking_to

pytestmark = pytest.mark.django_db


def described(state):
    """What each model knows of itself and of those that refer to it."""
    return {
        model._meta.label: (
            [(field.name, type(field).__name__) for field in model._meta.get_fields() if field.concrete],
            sorted(related.name for related in model._meta.related_objects),
        )
        for model in state.apps.get_models(include_auto_created=True)
    }


def test_the_models_are_those_that_django_itself_makes():
    loader = MigrationLoader(None)
    state = ProjectState()
    with quick_states():
        assert state.apps is not None  # once there are models, each step changes them
        for node in MigrationExecutor(connection).migration_plan(loader.graph.leaf_nodes(), clean_start=True):
            state = node[0].mutate_state(state, preserve=False)

    assert described(state) == described(loader.project_state())


def test_the_tables_are_those_that_django_itself_makes(tmp_path):
    with quick_states():
        quick = schema_at(tmp_path / "quick")

    assert ProjectState.add_model.__module__ == ProjectState.__module__
    assert schema_at(tmp_path / "plain") == quick


def schema_at(path):
    """After all migrations."""
    with speaking_to(Database(engine="sqlite", name=str(path))), connection.cursor() as cursor:
        MigrationExecutor(connection).migrate(MigrationLoader(None).graph.leaf_nodes())
        cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name")
        return cursor.fetchall()
