"""The tables of the default database in the schema that it has, with JSON columns as the text that they hold."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from django.apps import apps
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from burgee.control.kit.quick_states import quick_states
from burgee.control.kit.values import JsonTextField
from burgee.control.transfer.errors import TransferRefused

Table = type[models.Model]

FILLED_BY_ITSELF: Final = frozenset(
    {"contenttypes.contenttype", "auth.permission", "events.recurringjob", "jobs.job", "publishing.epoch"}
)
"""What migrations and an idle worker write; a database with nothing else counts as empty."""


def all_tables() -> list[Table]:
    """A model of each table, those that others refer to first. Saving one runs nothing of ours."""
    return list(_tables_after(tuple(_known(MigrationLoader(connection)))))


@lru_cache(maxsize=2)
def _tables_after(migrations: tuple[tuple[str, str], ...]) -> tuple[Table, ...]:
    """Models take a second to make, and a transfer asks for them several times."""
    state = MigrationLoader(None).project_state(list(migrations))
    for model in state.models.values():
        for name, field in model.fields.items():
            if isinstance(field, JsonTextField):
                model.fields[name] = models.TextField(null=field.null)
    found = state.apps.get_models(include_auto_created=True)
    return tuple(_in_order([model for model in found if not model._meta.proxy]))


def label(table: Table) -> str:
    return table._meta.label_lower


def columns(table: Table) -> tuple[str, ...]:
    """The attributes that hold a row, in the order in which the model takes them."""
    return tuple(field.attname for field in table._meta.concrete_fields)


def rows_of(table: Table, alias: str) -> "models.QuerySet[Any]":
    return table._base_manager.using(alias)


def all_migrations() -> tuple[str, ...]:
    """The migrations that the database has had, as app.name."""
    return tuple(sorted(".".join(node) for node in _known(MigrationLoader(connection))))


def migrate_to(names: Iterable[str]) -> None:
    """Bring the default database, which is empty, to the schema after exactly these migrations."""
    wanted = {(app, name) for app, _, name in (given.partition(".") for given in names)}
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    if missing := sorted(wanted - graph.nodes.keys()):
        raise TransferRefused(
            f"It was made by a newer Burgee: this one does not know {'.'.join(missing[0])}. Install that version first."
        )
    last = [
        node
        for node in wanted
        if not any(child.key in wanted and child.key[0] == node[0] for child in _after(graph, node))
    ]
    with quick_states():
        executor.migrate(sorted(last))


def require_known() -> None:
    """TransferRefused when the default database is of a newer Burgee."""
    _known(MigrationLoader(connection))


def require_empty() -> None:
    """TransferRefused when the default database holds anything."""
    there = set(connection.introspection.table_names())
    if there and "django_migrations" not in there:
        raise TransferRefused(f"The target has tables that are not Burgee's, such as {min(there)}. Give an empty one.")
    if filled := first_filled(there):
        raise TransferRefused(f"The target is not empty: there are rows in {filled}.")


def first_filled(there: Iterable[str] | None = None) -> str | None:
    """The first table of the default database that holds anything of somebody's."""
    names = set(connection.introspection.table_names() if there is None else there)
    for model in apps.get_models(include_auto_created=True):
        own = label(model) not in FILLED_BY_ITSELF
        if own and model._meta.db_table in names and model._base_manager.exists():
            return model._meta.db_table
    return None


def _known(loader: MigrationLoader) -> list[tuple[str, str]]:
    applied = set(loader.applied_migrations or ())
    if newer := sorted(applied - loader.graph.nodes.keys()):
        raise TransferRefused(f"The database is of a newer Burgee: this one does not know {'.'.join(newer[0])}.")
    return sorted(applied)


def _after(graph: Any, node: tuple[str, str]) -> Iterable[Any]:
    children: Iterable[Any] = graph.node_map[node].children
    return children


def _in_order(found: Sequence[Table]) -> Iterator[Table]:
    waiting = sorted(found, key=label)
    placed: set[str] = set()
    while waiting:
        ready = [table for table in waiting if _targets(table) <= placed] or waiting[:1]
        for table in ready:
            placed.add(label(table))
            yield table
        waiting = [table for table in waiting if label(table) not in placed]


def _targets(table: Table) -> set[str]:
    related = (field.related_model for field in table._meta.concrete_fields if field.is_relation)
    return {model._meta.label_lower for model in related if isinstance(model, type) and model is not table}
