"""Queries whose SQL is written once: Django takes several times longer to write one than a database to answer it."""

import copy
from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

from django.db import connections
from django.db.models import Expression, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
Given = int | str | Sequence[int] | Sequence[str]
Shape = tuple[int | None, ...]
"""How many slots each value takes; None for one that is no sequence."""

PREPARED: Final[list["Prepared[Any]"]] = []
"""Every one that there is, so that a test can compare each with what Django writes."""


class Prepared(Generic[Row]):
    """A query with values to fill in: `write` makes it, for what stands in for each of its arguments.

    Values are numbers, texts, and sequences of them for ``__in``; the SQL must not depend on what they are, so None is
    none of them. Only reads whose text is worth it: those that are asked with each request, or with each change.
    """

    def __init__(self, write: Callable[..., QuerySet[Any, Row]]) -> None:
        self.write = write
        self.names = tuple(signature(write).parameters)
        self._texts: dict[tuple[str, Shape], _Text] = {}
        PREPARED.append(self)

    def all(self, **values: Given) -> list[Row]:
        """The rows, in the order of the query; none when a sequence is empty."""
        shape = tuple(_size(values[name]) for name in self.names)
        if 0 in shape:
            return []
        vendor = connections["default"].vendor
        text = self._texts.get((vendor, shape))
        if text is None:
            text = self._texts[vendor, shape] = _Text(self.write(*map(_Slot, self.names, shape)))
        return cast("list[Row]", text.rows(values))

    def first(self, **values: Given) -> Row | None:
        """The first row, or None."""
        rows = self.all(**values)
        return rows[0] if rows else None


class _Blank(NamedTuple):
    """A parameter to fill in: the value of that name, or one of its items."""

    name: str
    item: int | None

    def filled(self, values: Mapping[str, Given]) -> object:
        given = values[self.name]
        if self.item is None:
            return given
        items = cast("Sequence[object]", given)
        return items[min(self.item, len(items) - 1)]


class _Slot(Expression):
    """What stands in a query for a value, or for a sequence of `size` values."""

    def __init__(self, name: str, size: int | None) -> None:
        super().__init__()
        self.name = name
        self.size = size

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:  # noqa: ARG002 - Django's signature
        if self.size is None:
            return "%s", [_Blank(self.name, None)]
        return f"({', '.join(['%s'] * self.size)})", [_Blank(self.name, index) for index in range(self.size)]


class _Text:
    """The SQL of one query for one kind of database, and what reads its rows."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(using="default")
        self._sql, self._parameters = self._compiler.as_sql()
        self._compiler.connection = None  # each thread has one of its own

    def rows(self, values: Mapping[str, Given]) -> list[Any]:
        filled = tuple(item.filled(values) if isinstance(item, _Blank) else item for item in self._parameters)
        query = _Written(self._rows.query, self._compiler, self._sql, filled)
        rows: QuerySet[Any, Any] = QuerySet(self._rows.model, query=cast("Query", query), using="default")
        rows._iterable_class = self._rows._iterable_class  # noqa: SLF001 - that is where they are
        rows._fields = self._rows._fields  # type: ignore[attr-defined]
        return list(rows)


class _Written:
    """A query as a QuerySet reads it, whose compiler has the SQL already."""

    def __init__(self, query: Query, compiler: SQLCompiler, sql: str, parameters: tuple[object, ...]) -> None:
        self._query = query
        self._compiler = compiler
        self._text = sql, parameters

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)

    def get_compiler(self, using: str) -> SQLCompiler:
        compiler = copy.copy(self._compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda: self._text  # type: ignore[method-assign, assignment, misc]
        return compiler


def _size(value: Given) -> int | None:
    """Sequences of about the same length share a text, in which their last item is repeated."""
    if isinstance(value, int | str):
        return None
    return 1 << (len(value) - 1).bit_length() if value else 0
