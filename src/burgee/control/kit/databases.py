"""Django's database settings for each engine."""

import contextlib
from typing import Any, Final

from burgee.settings_reader import Database, Engine

BACKENDS: Final[dict[Engine, str]] = {
    "sqlite": "burgee.control.kit.sqlite",
    "postgresql": "burgee.control.kit.postgresql",
    "mysql": "django.db.backends.mysql",
    "oracle": "django.db.backends.oracle",
    "mssql": "mssql",
}

TIMES_BEFORE_PREPARED: Final = 1
"""How often one connection to PostgreSQL is asked a prepared query before the server keeps its plan."""


def django_database(database: Database) -> dict[str, Any]:
    """The entry of ``DATABASES`` for `database`."""
    entry: dict[str, Any] = {
        "ENGINE": BACKENDS[database.engine],
        "NAME": database.name,
        "TIME_ZONE": None,
        "CONN_MAX_AGE": database.conn_max_age,
        "CONN_HEALTH_CHECKS": True,
    }
    if not database.is_server:
        entry["OPTIONS"] = {"timeout": 5, "check_same_thread": False}
        # Test runners know only Django's own backend as one whose test database may live in memory.
        entry["TEST"] = {"NAME": ":memory:"}
        return entry
    options: dict[str, Any] = dict(database.options)
    if database.engine == "mysql":
        _use_pure_python_driver()
        options |= {"charset": "utf8mb4", "isolation_level": "read committed"}
    if database.engine == "postgresql":
        options |= {"prepare_threshold": TIMES_BEFORE_PREPARED}
    return entry | {
        "USER": database.user,
        "PASSWORD": database.password,
        "HOST": database.host,
        "PORT": str(database.port or ""),
        "OPTIONS": options,
    }


def _use_pure_python_driver() -> None:
    """Django asks for the module of a driver that must be compiled; PyMySQL takes its place."""
    with contextlib.suppress(ModuleNotFoundError):
        import pymysql

        pymysql.install_as_MySQLdb()
