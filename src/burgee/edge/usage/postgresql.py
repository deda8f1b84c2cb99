"""Usage in PostgreSQL: one upsert for each table, rows in the order of their hash."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import psycopg

from burgee.edge.call_thread import CallThread
from burgee.edge.usage.rows import Counts, evaluation_rows, key_rows, outcome_rows, request_rows

_TIMEOUT_SECONDS: Final = 5
_REQUEST: Final = """INSERT INTO usage_request AS stored
    (lookup, environment_id, resource, sdk, application, application_version, bucket, count)
    SELECT lookup, environment_id, resource, sdk, application, application_version,
        (bucket || '+00')::timestamptz, count
    FROM jsonb_to_recordset(%s::text::jsonb) AS given(
        lookup text, environment_id bigint, resource text, sdk text, application text, application_version text,
        bucket text, count bigint)
    ORDER BY lookup
    ON CONFLICT (lookup) DO UPDATE SET count = stored.count + excluded.count"""
_EVALUATION: Final = """INSERT INTO usage_evaluation AS stored
    (lookup, environment_id, feature, variant, enabled, sdk, application, application_version, source, bucket, count)
    SELECT lookup, environment_id, feature, variant, enabled, sdk, application, application_version, source,
        (bucket || '+00')::timestamptz, count
    FROM jsonb_to_recordset(%s::text::jsonb) AS given(
        lookup text, environment_id bigint, feature text, variant text, enabled boolean, sdk text, application text,
        application_version text, source text, bucket text, count bigint)
    ORDER BY lookup
    ON CONFLICT (lookup) DO UPDATE SET count = stored.count + excluded.count"""
_OUTCOME: Final = """INSERT INTO usage_outcome AS stored
    (lookup, environment_id, feature_id, enabled, reason, variant, form, value, length, digest, bucket, count)
    SELECT lookup, environment_id, feature_id, enabled, reason, variant, form, value, length, digest,
        (bucket || '+00')::timestamptz, count
    FROM jsonb_to_recordset(%s::text::jsonb) AS given(
        lookup text, environment_id bigint, feature_id bigint, enabled boolean, reason text, variant text, form text,
        value text, length integer, digest text, bucket text, count bigint)
    ORDER BY lookup
    ON CONFLICT (lookup) DO UPDATE SET count = stored.count + excluded.count"""
_KEY: Final = """UPDATE environments_serverkey AS stored SET last_used_on = given.day::date
    FROM jsonb_to_recordset(%s::text::jsonb) AS given(digest text, day text)
    WHERE stored.digest = given.digest AND (stored.last_used_on IS NULL OR stored.last_used_on < given.day::date)"""


class PostgresqlUsage:
    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._thread: CallThread | None = None

    async def start(self) -> None:
        self._thread = CallThread("burgee-usage")

    async def close(self) -> None:
        if self._thread is not None:
            await self._thread.close()
            self._thread = None

    async def add(self, counts: Counts) -> None:
        """All tables or none."""
        if self._thread is None:
            raise RuntimeError("the usage writer is not running")
        await self._thread.call(self._add, counts)

    def _add(self, counts: Counts) -> None:
        timeout = f"-c statement_timeout={_TIMEOUT_SECONDS * 1000}"
        with psycopg.connect(self._conninfo, connect_timeout=_TIMEOUT_SECONDS, options=timeout) as connection:
            _upsert(connection, _REQUEST, request_rows(counts.requests))
            _upsert(connection, _EVALUATION, evaluation_rows(counts.evaluations))
            _upsert(connection, _OUTCOME, outcome_rows(counts.outcomes))
            _upsert(connection, _KEY, key_rows(counts.server_keys))


def _upsert(connection: psycopg.Connection[Any], statement: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, (msgspec.json.encode(rows).decode(),))
