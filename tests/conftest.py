"""Servers that take seconds to start: one of each serves a whole run, and a test makes a database of its own in it."""

from tests.services.mariadb import mariadb_url
from tests.services.postgresql import postgresql_server

__all__ = ["mariadb_url", "postgresql_server"]
