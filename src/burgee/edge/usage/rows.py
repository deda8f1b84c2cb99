"""Usage as rows: counts of a quarter of an hour, under a hash of everything they are counted by."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple, Protocol

from msgspec import Struct

BUCKET_SECONDS: Final = 900


class RequestKey(NamedTuple):
    environment_id: int
    resource: str
    sdk: str
    bucket: int


class EvaluationKey(NamedTuple):
    environment_id: int
    feature: str
    variant: str | None
    enabled: bool | None
    sdk: str
    source: str
    bucket: int


class Counts(Struct):
    """What happened since the last flush; `bucket` counts quarters of an hour since 1970."""

    requests: dict[RequestKey, int] = {}
    evaluations: dict[EvaluationKey, int] = {}

    @property
    def size(self) -> int:
        return len(self.requests) + len(self.evaluations)


class UsageSink(Protocol):
    """Adds counts to what is stored. May raise anything: the counts are then offered again."""

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def add(self, counts: Counts) -> None: ...


def request_rows(counts: Mapping[RequestKey, int]) -> list[dict[str, Any]]:
    """Rows of usage_request, in the order of their hash."""
    rows = [
        {
            "lookup": _lookup(key),
            "environment_id": key.environment_id,
            "resource": _text(key.resource, 30),
            "sdk": _text(key.sdk, 100) or None,
            "bucket": bucket_start(key.bucket),
            "count": count,
        }
        for key, count in counts.items()
    ]
    return sorted(rows, key=_by_lookup)


def evaluation_rows(counts: Mapping[EvaluationKey, int]) -> list[dict[str, Any]]:
    """Rows of usage_evaluation, in the order of their hash."""
    rows = [
        {
            "lookup": _lookup(key),
            "environment_id": key.environment_id,
            "feature": _text(key.feature, 2000),
            "variant": None if key.variant is None else _text(key.variant, 255),
            "enabled": key.enabled,
            "sdk": _text(key.sdk, 100) or None,
            "source": _text(key.source, 6),
            "bucket": bucket_start(key.bucket),
            "count": count,
        }
        for key, count in counts.items()
    ]
    return sorted(rows, key=_by_lookup)


def bucket_start(bucket: int) -> str:
    """When a bucket begins, in UTC, as Django writes it into SQLite."""
    return datetime.fromtimestamp(bucket * BUCKET_SECONDS, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _lookup(key: tuple[Any, ...]) -> str:
    *dimensions, bucket = key
    parts = ["\0" if part is None else str(part) for part in (*dimensions, bucket_start(bucket))]
    return sha256("\x1f".join(parts).encode(errors="replace")).hexdigest()


def _text(value: str, length: int) -> str:
    """What every engine can hold of a text that a client sent."""
    return value.replace("\0", "")[:length].encode(errors="replace").decode()


def _by_lookup(row: dict[str, Any]) -> str:
    return str(row["lookup"])
