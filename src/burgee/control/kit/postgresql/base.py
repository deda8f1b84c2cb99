"""Locked rows may be referred to by new ones."""

from typing import Any

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    def for_update_sql(self, *args: Any, **options: Any) -> str:
        """As Django's, without locking the key of the row, which never changes.

        Else whoever adds a row that refers to it waits while it commits, with locks that the first may want next.
        """
        return super().for_update_sql(*args, **options | {"no_key": True})


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
