"""Statistics by day, in UTC."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate
from msgspec import Struct

from burgee.control.environments.models import Environment
from burgee.control.usage.models import Evaluation, Request


class DayOfRequests(Struct, frozen=True, kw_only=True):
    day: date
    flags: int = 0
    identities: int = 0
    traits: int = 0
    environment_document: int = 0


def evaluations_by_day(environment: Environment, feature: str, *, since: datetime) -> list[tuple[date, int]]:
    """How often SDKs evaluated a feature, on the days on which they did."""
    rows = Evaluation.objects.filter(environment_id=environment.pk, feature=feature, bucket__gte=since)
    by_day = rows.annotate(day=TruncDate("bucket")).values_list("day").annotate(total=Sum("count"))
    return list(by_day.order_by("day"))


def requests_by_day(environments: QuerySet[Environment], *, since: datetime) -> list[DayOfRequests]:
    """The requests of SDKs by kind, on the days on which there were any."""
    rows = _requests(environments).filter(bucket__gte=since)
    by_day = rows.annotate(day=TruncDate("bucket")).values_list("day", "resource").annotate(total=Sum("count"))
    return _days(by_day.order_by("day"))


def request_count(environments: QuerySet[Environment], *, since: datetime) -> int:
    """All requests of SDKs."""
    counted: int | None = _requests(environments).filter(bucket__gte=since).aggregate(total=Sum("count"))["total"]
    return counted or 0


def _requests(environments: QuerySet[Environment]) -> QuerySet[Request]:
    return Request.objects.filter(environment_id__in=environments.values("pk"))


def _days(rows: Iterable[tuple[date, str, int]]) -> list[DayOfRequests]:
    counts: dict[date, dict[str, int]] = {}
    for day, resource, total in rows:
        kind = resource.replace("-", "_")
        if kind in DayOfRequests.__struct_fields__:
            counts.setdefault(day, {})[kind] = total
    return [DayOfRequests(day=day, **of_day) for day, of_day in counts.items()]
