"""The database: driver, connection, version, migrations, its clock."""

import importlib.util
import time
from collections.abc import Iterator
from pathlib import Path

from burgee.cli.checks.finding import Finding, fail, ok, warn
from burgee.cli.migrate import DRIVERS, set_up_django
from burgee.settings_reader import Database, read_database

SKEW_SECONDS = 2.0


def database() -> Iterator[Finding]:
    where = read_database()
    module, extra = DRIVERS.get(where.engine, ("sqlite3", ""))
    if importlib.util.find_spec(module) is None:
        yield fail("database", f"{where} needs a driver that is not installed", f"pip install 'burgee[{extra}]'")
        return
    if not where.is_server and not Path(where.name).exists():
        yield ok("database", f"{where} is made at the first start")
        return
    set_up_django()
    connected = _connection(where)
    yield connected
    if connected.level == "ok":
        yield _migrations()
        yield from _clock(where)


def _connection(where: Database) -> Finding:
    from django.db import Error, connection
    from django.db.utils import NotSupportedError

    try:
        connection.ensure_connection()
        version = ".".join(str(number) for number in connection.get_database_version())
    except NotSupportedError as error:
        return fail("database", f"{where}: {error}", "Use a newer version of the database server.")
    except Error as error:
        reason = str(error).strip().splitlines()[0]
        return fail("database", f"{where} does not answer: {reason}", "Start it, or correct DATABASE_URL.")
    return ok("database", f"{where}, version {version}")


def _migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return warn("migrations", f"{len(plan)} are not applied", "burgee migrate (burgee up does it by itself)")
    return ok("migrations", "all applied")


def _clock(where: Database) -> Iterator[Finding]:
    if where.engine not in {"postgresql", "mysql"}:
        return
    from django.db import connection

    epoch = "EXTRACT(EPOCH FROM clock_timestamp())" if where.engine == "postgresql" else "UNIX_TIMESTAMP(NOW(6))"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {epoch}")
        skew = float(cursor.fetchone()[0]) - time.time()
    if abs(skew) > SKEW_SECONDS:
        yield warn("database clock", f"{skew:+.1f} s from this machine's", "Run an NTP service on both machines.")
    else:
        yield ok("database clock", f"{skew:+.3f} s from this machine's")
