"""Usage in the SQLite file: short transactions under the write lock of the process."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from burgee.edge.call_thread import CallThread
from burgee.edge.identities.sqlite_writer import WriteGate
from burgee.edge.usage.rows import Counts, evaluation_rows, key_rows, outcome_rows, request_rows

_ROWS_AT_ONCE: Final = 500
_WAIT_SECONDS: Final = 5.0
_REQUEST: Final = """INSERT INTO usage_request
    (lookup, environment_id, resource, sdk, application, application_version, bucket, count)
    VALUES (:lookup, :environment_id, :resource, :sdk, :application, :application_version, :bucket, :count)
    ON CONFLICT (lookup) DO UPDATE SET count = count + excluded.count"""
_EVALUATION: Final = """INSERT INTO usage_evaluation
    (lookup, environment_id, feature, variant, enabled, sdk, application, application_version, source, bucket, count)
    VALUES (:lookup, :environment_id, :feature, :variant, :enabled, :sdk, :application, :application_version, :source,
        :bucket, :count)
    ON CONFLICT (lookup) DO UPDATE SET count = count + excluded.count"""
_OUTCOME: Final = """INSERT INTO usage_outcome
    (lookup, environment_id, feature_id, enabled, reason, variant, form, value, length, digest, bucket, count)
    VALUES (:lookup, :environment_id, :feature_id, :enabled, :reason, :variant, :form, :value, :length, :digest,
        :bucket, :count)
    ON CONFLICT (lookup) DO UPDATE SET count = count + excluded.count"""
_KEY: Final = """UPDATE environments_serverkey SET last_used_on = :day
    WHERE digest = :digest AND (last_used_on IS NULL OR last_used_on < :day)"""


class SqliteUsage:
    def __init__(self, path: Path, *, gate: WriteGate | None = None) -> None:
        self._path = path
        self._gate = gate or threading.Lock()
        self._thread: CallThread | None = None

    async def start(self) -> None:
        self._thread = CallThread("burgee-usage")

    async def close(self) -> None:
        if self._thread is not None:
            await self._thread.close()
            self._thread = None

    async def add(self, counts: Counts) -> None:
        """Part of the counts may be stored when this raises; they are statistics."""
        if self._thread is None:
            raise RuntimeError("the usage writer is not running")
        await self._thread.call(self._add, counts)

    def _add(self, counts: Counts) -> None:
        uri = f"{self._path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            for rows in _slices(request_rows(counts.requests)):
                self._write(connection, _REQUEST, rows)
            for rows in _slices(evaluation_rows(counts.evaluations)):
                self._write(connection, _EVALUATION, rows)
            for rows in _slices(outcome_rows(counts.outcomes)):
                self._write(connection, _OUTCOME, rows)
            for rows in _slices(key_rows(counts.server_keys)):
                self._write(connection, _KEY, rows)
        finally:
            connection.close()

    def _write(self, connection: sqlite3.Connection, statement: str, rows: Sequence[dict[str, Any]]) -> None:
        if not self._gate.acquire(timeout=_WAIT_SECONDS):
            raise TimeoutError("the database is locked")
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(statement, rows)
            connection.execute("COMMIT")
        finally:
            self._gate.release()


def _slices(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield rows[start : start + _ROWS_AT_ONCE]
