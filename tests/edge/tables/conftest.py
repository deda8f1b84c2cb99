from tests.services.databases import database, postgresql_database, sqlite_database
from tests.services.postgresql import postgresql_server

__all__ = ["database", "postgresql_database", "postgresql_server", "sqlite_database"]
