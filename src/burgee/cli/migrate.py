"""``burgee migrate``: the database at the newest schema."""

import argparse
import importlib.util
import os
import sys
from pathlib import Path

from burgee.settings_reader import Database, SettingsError, read_database

DRIVERS = {
    "postgresql": ("psycopg", "postgresql"),
    "mysql": ("pymysql", "mysql"),
    "oracle": ("oracledb", "oracle"),
    "mssql": ("mssql", "sqlserver"),
}
"""Engine → module of its driver and the extra that installs it."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("migrate", help="bring the database to the newest schema")
    parser.set_defaults(command=run)


def run(_options: argparse.Namespace) -> int:
    from burgee.cli.catalogue import check_settings

    check_settings()
    applied = migrate()
    print("The database is up to date." if not applied else f"{applied} migrations applied.")
    return 0


def set_up_django() -> None:
    """Django ready for its ORM; a SettingsError when the driver of the chosen database is not installed."""
    require_driver(read_database())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "burgee.control.settings")
    import django

    django.setup()


def require_driver(database: Database) -> None:
    """SettingsError, with what to install, when the driver of `database` is not there."""
    module, extra = DRIVERS.get(database.engine, ("sqlite3", ""))
    if importlib.util.find_spec(module) is None:
        raise SettingsError([f"{database} needs a driver. Install it: pip install 'burgee[{extra}]'."])


def migrate() -> int:
    """Applies what is missing and returns how many migrations that was."""
    set_up_django()
    _make_folder(read_database())
    check_connection()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from burgee.control.kit.quick_states import quick_states

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        print(f"Applying {len(plan)} migrations …", file=sys.stderr, flush=True)
        with quick_states():
            call_command("migrate", interactive=False, verbosity=0)
    return len(plan)


def _make_folder(database: Database) -> None:
    """The folder of an SQLite file: the key ring makes it only when it is kept there, too."""
    if not database.is_server:
        Path(database.name).parent.mkdir(parents=True, exist_ok=True)


def check_connection(database: Database | None = None) -> None:
    """SettingsError when the database, by default the configured one, does not answer or is too old for Django."""
    from django.db import Error, connection

    try:
        connection.ensure_connection()
    except Error as error:
        reason = str(error).strip().splitlines()[0]
        raise SettingsError(
            [f"{database or read_database()} does not answer: {reason}. Start it, or correct DATABASE_URL."]
        ) from error
