"""The log as CSV, safe to open in a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import QuerySet

from burgee.control.audit.models import AuditLog
from burgee.control.audit.queries import COLUMNS, Surroundings, export_record, in_batches

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(rows: QuerySet[AuditLog]) -> Iterator[str]:
    """A line of names, then `rows`."""
    yield _written([list(COLUMNS)])
    for batch in in_batches(rows):
        around = Surroundings.of(batch)
        records = [export_record(line, around) for line in batch]
        yield _written([[_cell(record[column]) for column in COLUMNS] for record in records])


def _written(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    """A text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    text = json.dumps(value) if isinstance(value, list | dict | bool) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text
