"""Rows on their way from one database to another, or to text and back."""

import base64
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection

from burgee.control.transfer.errors import TransferRefused
from burgee.control.transfer.places import SOURCE
from burgee.control.transfer.progress import Progress
from burgee.control.transfer.tables import Table, columns, label, rows_of

Row = tuple[Any, ...]

CHUNK: Final = 1000
LARGEST_INSERT: Final = 1_000_000
"""Characters sent in one statement; servers limit what they take."""

PATIENCE_SECONDS: Final = 30
"""How long to wait for those who are writing."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[Any])


def count(table: Table, alias: str = DEFAULT_DB_ALIAS) -> int:
    return rows_of(table, alias).count()


def chunks(table: Table, alias: str) -> Iterator[list[Row]]:
    """All rows in the order of their keys, few at a time."""
    names = columns(table)
    key = names.index(table._meta.pk.attname)
    ordered = rows_of(table, alias).order_by("pk").values_list(*names)
    found = list(ordered[:CHUNK])
    while found:
        yield found
        found = list(ordered.filter(pk__gt=found[-1][key])[:CHUNK]) if len(found) == CHUNK else []


def encode(row: Row) -> bytes:
    """One line of JSON."""
    return _encoder.encode(row) + b"\n"


def decode(table: Table, line: bytes) -> Row:
    """The row of a line, each value in the type of its column."""
    try:
        values = _decoder.decode(line)
        fields = table._meta.concrete_fields
        return tuple(_value(field, value) for field, value in zip(fields, values, strict=True))
    except (msgspec.DecodeError, ValidationError, ValueError) as error:
        raise TransferRefused(f"A row of {label(table)} cannot be read: {error}") from error


def _value(field: Any, value: Any) -> Any:
    if value is not None and field.get_internal_type() == "BinaryField":
        return base64.b64decode(value)
    return field.to_python(value)


def insert(table: Table, rows: Sequence[Row]) -> None:
    """Write rows as they are, keys included, into the default database."""
    for some in _batches(rows):
        try:
            rows_of(table, DEFAULT_DB_ALIAS).bulk_create([table(*row) for row in some])
        except DatabaseError as error:
            key = columns(table).index(table._meta.pk.attname)
            where = f"{label(table)}, keys {some[0][key]} to {some[-1][key]}"
            raise TransferRefused(f"The target refuses rows of {where}: {error}") from error


def clear(tables: Sequence[Table]) -> None:
    """Take every row out of the default database; the caller's transaction may bring them back."""
    with connection.cursor() as cursor:
        for table in reversed(tables):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table._meta.db_table)}")


def copy(tables: Sequence[Table], progress: Progress) -> None:
    """Make the default database hold exactly the rows of `SOURCE`; the caller's transaction makes it all or nothing."""
    load(tables, ((table, count(table, SOURCE), chunks(table, SOURCE)) for table in tables), progress)


def load(
    tables: Sequence[Table], sources: Iterable[tuple[Table, int, Iterable[list[Row]]]], progress: Progress
) -> None:
    """Make the default database hold exactly these rows, each table with how many there must be."""
    hold_back_writers(tables)
    with connection.constraint_checks_disabled():
        clear(tables)
        for table, total, given in sources:
            _fill(table, total, given, progress)
        reset_sequences(tables)
    connection.check_constraints()
    refresh_statistics(tables)


def hold_back_writers(tables: Sequence[Table]) -> None:
    """On PostgreSQL, whoever else writes waits until the transaction has ended: an edge counts usage all the time."""
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
            cursor.execute(f"LOCK TABLE {_names(tables)} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except DatabaseError as error:
        raise TransferRefused(f"The target is in use: {error} Stop the servers that write to it.") from error


def _fill(table: Table, total: int, given: Iterable[list[Row]], progress: Progress) -> None:
    done = 0
    progress(label(table), done, total)
    for rows in given:
        insert(table, rows)
        done += len(rows)
        progress(label(table), done, total)
    found = count(table)
    if found != total:
        raise TransferRefused(f"{label(table)} has {found} rows, where {total} were expected.")


def reset_sequences(tables: Sequence[Table]) -> None:
    """Have the next keys follow the highest ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)


def refresh_statistics(tables: Sequence[Table]) -> None:
    """Tell PostgreSQL how large the tables are now: it plans searches of empty ones until its autovacuum comes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {_names(tables)}")


def _names(tables: Sequence[Table]) -> str:
    return ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    start = size = 0
    for at, row in enumerate(rows):
        width = sum(len(value) for value in row if isinstance(value, str))
        if at > start and size + width > LARGEST_INSERT:
            yield rows[start:at]
            start, size = at, 0
        size += width
    if rows:
        yield rows[start:]
