"""What a database is asked, statement by statement; Django's own list has no text of prepared ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def asking() -> Iterator[list[str]]:
    """The statements, with their values filled in."""
    told: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        told.append(sql % tuple(map(_shown, params)) if params else sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield told


def _shown(value: object) -> str:
    # What a driver takes for a number of eight bytes is a number to whoever reads.
    return str(int(value)) if isinstance(value, int) else repr(value)
