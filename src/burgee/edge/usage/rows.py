"""Usage as rows: counts of a quarter of an hour, under a hash of everything they are counted by."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple, Protocol

from msgspec import Struct

from burgee.edge.counting import SEPARATOR

BUCKET_SECONDS: Final = 900


class RequestKey(NamedTuple):
    """``client`` is the SDK and the application, as `counting.client_of` names them."""

    environment_id: int
    resource: str
    client: str
    bucket: int


class EvaluationKey(NamedTuple):
    environment_id: int
    feature: str
    variant: str | None
    enabled: bool | None
    client: str
    source: str
    bucket: int


class OutcomeKey(NamedTuple):
    """An `outcomes.Outcome` of an environment in an hour."""

    environment_id: int
    feature_id: int
    enabled: bool | None
    reason: str | None
    variant: str | None
    form: str
    value: str | None
    length: int
    digest: str
    bucket: int


class Counts(Struct):
    """What happened since the last flush; `bucket` counts quarters of an hour since 1970.

    ``server_keys`` has the day, as ISO writes it, on which a key was used, by the digest of the key.
    """

    requests: dict[RequestKey, int] = {}
    evaluations: dict[EvaluationKey, int] = {}
    outcomes: dict[OutcomeKey, int] = {}
    server_keys: dict[str, str] = {}

    @property
    def size(self) -> int:
        return len(self.requests) + len(self.evaluations) + len(self.outcomes) + len(self.server_keys)


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
            **_labels(key.client),
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
            **_labels(key.client),
            "source": _text(key.source, 6),
            "bucket": bucket_start(key.bucket),
            "count": count,
        }
        for key, count in counts.items()
    ]
    return sorted(rows, key=_by_lookup)


def outcome_rows(counts: Mapping[OutcomeKey, int]) -> list[dict[str, Any]]:
    """Rows of usage_outcome, in the order of their hash."""
    rows = [
        key._asdict()
        | {
            "lookup": _lookup(key),
            "variant": None if key.variant is None else _text(key.variant, 255),
            "value": None if key.value is None else _text(key.value, 200),
            "bucket": bucket_start(key.bucket),
            "count": count,
        }
        for key, count in counts.items()
    ]
    return sorted(rows, key=_by_lookup)


def key_rows(days: Mapping[str, str]) -> list[dict[str, str]]:
    """When server keys were used last, in the order of their digest."""
    return [{"digest": digest, "day": day} for digest, day in sorted(days.items())]


def day_of(bucket: int) -> str:
    return datetime.fromtimestamp(bucket * BUCKET_SECONDS, UTC).date().isoformat()


def _labels(client: str) -> dict[str, str | None]:
    sdk, _, application = client.partition(SEPARATOR)
    name, _, version = application.partition(SEPARATOR)
    named = {"sdk": sdk, "application": name, "application_version": version}
    return {column: _text(text, 100) or None for column, text in named.items()}


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
