"""Statistics by day, in UTC."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, TypeVar

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate
from msgspec import Struct

from burgee.control.environments.models import Environment
from burgee.control.usage.models import Evaluation, Request

KINDS: Final = frozenset({"flags", "identities", "traits", "environment_document"})

Counted = TypeVar("Counted", Evaluation, Request)


class DayOfRequests(Struct, frozen=True, kw_only=True):
    """The requests of one SDK on one day; ``sdk`` None stands for clients that are none."""

    day: date
    sdk: str | None = None
    flags: int = 0
    identities: int = 0
    traits: int = 0
    environment_document: int = 0


def evaluations_by_day(
    environment: Environment, feature: str, *, since: datetime, sdk: str | None = None
) -> list[tuple[date, str | None, int]]:
    """How often each SDK, or `sdk` alone, evaluated a feature, on the days on which it did."""
    rows = Evaluation.objects.filter(environment_id=environment.pk, feature=feature, bucket__gte=since)
    by_day = _of(rows, sdk).annotate(day=TruncDate("bucket")).values_list("day", "sdk").annotate(total=Sum("count"))
    return [(day, name or None, total) for day, name, total in by_day.order_by("day", "sdk")]


def requests_by_day(
    environments: QuerySet[Environment], *, since: datetime, sdk: str | None = None
) -> list[DayOfRequests]:
    """The requests by day, SDK and kind, where there were any; with `sdk` of that one alone."""
    rows = _of(_requests(environments).filter(bucket__gte=since), sdk).annotate(day=TruncDate("bucket"))
    by_day = rows.values_list("day", "sdk", "resource").annotate(total=Sum("count"))
    return _days(by_day.order_by("day", "sdk"))


def request_count(environments: QuerySet[Environment], *, since: datetime) -> int:
    """All requests of SDKs."""
    counted: int | None = _requests(environments).filter(bucket__gte=since).aggregate(total=Sum("count"))["total"]
    return counted or 0


def _requests(environments: QuerySet[Environment]) -> QuerySet[Request]:
    return Request.objects.filter(environment_id__in=environments.values("pk"))


def _of(rows: QuerySet[Counted], sdk: str | None) -> QuerySet[Counted]:
    return rows if sdk is None else rows.filter(sdk=sdk)


def _days(rows: Iterable[tuple[date, str | None, str, int]]) -> list[DayOfRequests]:
    counts: dict[tuple[date, str | None], dict[str, int]] = {}
    for day, sdk, resource, total in rows:
        kind = resource.replace("-", "_")
        if kind in KINDS:
            counted = counts.setdefault((day, sdk or None), {})
            counted[kind] = counted.get(kind, 0) + total
    return [DayOfRequests(day=day, sdk=sdk, **of_day) for (day, sdk), of_day in counts.items()]
