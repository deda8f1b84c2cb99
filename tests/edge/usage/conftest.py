from tests.services.databases import database, postgresql_database, sqlite_database

__all__ = ["database", "postgresql_database", "sqlite_database"]
