"""Queries whose SQL is written once: Django takes several times longer to write one than a database to answer it.

On PostgreSQL they are prepared statements too, because it takes longer to plan one than to carry it out.
"""

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from inspect import signature
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

from django.db import connections
from django.db.models import Expression, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

from burgee.control.kit.ids import NAMED_AT_MOST, between, named

Row = TypeVar("Row")
Given = int | str | date | Sequence[int | str]
Converters = Mapping[int, tuple[Sequence[Callable[..., object]], object]]
"""What makes Python's values of those of a column, by its place, and the expression that it stands for."""
Shape = tuple[int | None, ...]
"""How many slots each value takes; None for one that is no sequence."""

LARGEST: Final = 2**63 - 1
"""The largest number that a column holds."""

BATCH: Final = 1024
"""How many ids one query names."""

SPREAD_AT_MOST: Final = 4
"""Ids are far apart where there are more numbers for each than this."""

PREPARED: Final[list["Prepared[Any]"]] = []
"""Every one that there is, so that a test can compare each with what Django writes."""


class Prepared(Generic[Row]):
    """A query with values to fill in: `write` makes it, for what stands in for each of its arguments.

    Values are numbers, texts, days, moments, and sequences of numbers or texts for ``__in``; the SQL must not depend on
    what they are, so None is none of them. Only reads whose text is worth it: those that are asked with each request,
    or with each change.
    """

    def __init__(self, write: Callable[..., QuerySet[Any, Row]], names: Sequence[str] | None = None) -> None:
        self.write = write
        self.names = tuple(signature(write).parameters if names is None else names)
        self._texts: dict[tuple[str, Shape], _Text] = {}
        PREPARED.append(self)

    def all(self, **values: Given) -> list[Row]:
        """The rows, in the order of the query; no row has one of no values, or a number that no column holds."""
        usable = {name: _usable(values[name]) for name in self.names}
        if None in usable.values():
            return []
        filled = cast("dict[str, Given]", usable)
        shape = tuple(_size(filled[name]) for name in self.names)
        vendor = connections["default"].vendor
        text = self._texts.get((vendor, shape))
        if text is None:
            text = self._texts[vendor, shape] = _Text(self.write(*map(_Slot, self.names, shape)))
        return cast("list[Row]", text.rows(filled))

    def first(self, **values: Given) -> Row | None:
        """The first row, or None."""
        rows = self.all(**values)
        return rows[0] if rows else None


class About(Generic[Row]):
    """Rows about many objects: `write` makes the query for the condition that tells which, and for other values.

    That condition is met by rows whose `field` is one of the ids asked for, and perhaps by others, as `among` has it.
    `within_project` says that the query is about one project, or a part of it; otherwise rows of all projects may lie
    between two ids, so ids that are far apart are named.
    """

    def __init__(self, field: str, write: Callable[..., QuerySet[Any, Row]], *, within_project: bool) -> None:
        _, *names = signature(write).parameters
        self._within_project = within_project
        self._named = Prepared(lambda ids, *values: write(named(field, ids), *values), ("ids", *names))
        self._between = Prepared(
            lambda first, last, *values: write(between(field, first, last), *values), ("first_id", "last_id", *names)
        )

    def all(self, ids: Collection[int], **values: Given) -> list[Row]:
        """The rows, and perhaps others; those about one object are in the order of the query."""
        if len(ids) > NAMED_AT_MOST and (self._within_project or max(ids) - min(ids) < len(ids) * SPREAD_AT_MOST):
            return self._between.all(first_id=min(ids), last_id=max(ids), **values)
        wanted = list(ids)
        batches = (wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH))
        return [row for batch in batches for row in self._named.all(ids=batch, **values)]


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
        self.query = rows.query
        self.compiler = rows.query.get_compiler(using="default")
        self.sql, self._parameters = self.compiler.as_sql()
        self.converters = self.compiler.get_converters([chosen[0] for chosen in self.compiler.select or ()])
        self.compiler.get_converters = lambda _: {}  # rows are converted as they are read
        self.compiler.connection = None  # each thread has one of its own

    def rows(self, values: Mapping[str, Given]) -> list[Any]:
        filled = [item.filled(values) if isinstance(item, _Blank) else item for item in self._parameters]
        query = cast("Query", _Written(self, filled))
        rows: QuerySet[Any, Any] = QuerySet(self._rows.model, query=query, using="default")
        rows._iterable_class = self._rows._iterable_class  # noqa: SLF001 - that is where they are
        rows._fields = self._rows._fields  # type: ignore[attr-defined]
        return list(rows)


class _Written:
    """A query as a QuerySet reads it, whose compiler has the SQL already."""

    def __init__(self, text: _Text, values: Sequence[object]) -> None:
        self._text = text
        self._values = values

    def __getattr__(self, name: str) -> Any:
        return getattr(self._text.query, name)

    def get_compiler(self, using: str) -> SQLCompiler:
        compiler: SQLCompiler = copy.copy(self._text.compiler)
        compiler.connection = connections[using]
        compiler.execute_sql = self._read  # type: ignore[method-assign, assignment]
        return compiler

    def _read(self, *_: object, **__: object) -> list[list[tuple[object, ...]]]:
        connection = connections["default"]
        with _cursor(connection) as cursor:
            cursor.execute(self._text.sql, [_adapted(value, connection) for value in self._values])
            return [_converted(cursor.fetchall(), self._text.converters, connection)]


def _cursor(connection: Any) -> Any:
    """A cursor; on PostgreSQL one that leaves values to the server, which then keeps the statement and its plan."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    cursor: Any = ServerBindingCursor
    return connection._prepare_cursor(cursor(connection.connection))  # noqa: SLF001 - as its own cursors are


def _adapted(value: object, connection: Any) -> object:
    """As the database takes it. However large, numbers are of one type: a statement is kept for each set of types."""
    if type(value) is int:
        return connection.ops.adapt_integerfield_value(value, "BigIntegerField")
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _converted(rows: list[tuple[object, ...]], converters: Converters, connection: Any) -> list[tuple[object, ...]]:
    """Rows as Python has them: column by column, which is twice as fast as row by row."""
    if not (rows and converters):
        return rows
    columns: list[Sequence[object]] = list(zip(*rows, strict=True))
    for place, (functions, expression) in converters.items():
        for convert in functions:
            columns[place] = [convert(value, expression, connection) for value in columns[place]]
    return list(zip(*columns, strict=True))


def _usable(value: Given) -> Given | None:
    """What a row can have of `value`; None when that is nothing."""
    if isinstance(value, int):
        return value if abs(value) <= LARGEST else None
    if isinstance(value, str | date):
        return value
    return [item for item in value if isinstance(item, str) or abs(item) <= LARGEST] or None


def _size(value: Given) -> int | None:
    """Sequences of about the same length share a text, in which their last item is repeated."""
    return None if isinstance(value, int | str | date) else 1 << (len(value) - 1).bit_length()
