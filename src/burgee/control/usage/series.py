"""Statistics over time, split by one property: what the charts of the dashboard show. All in UTC."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncDay, TruncHour
from msgspec import Struct

from burgee.control.usage.models import Evaluation, Request

MOST_SERIES: Final = 50
"""The largest ones are told apart; the others of thousands of features are one line."""

REQUESTS_BY: Final[Mapping[str, str]] = {
    "environment": "environment_id",
    "resource": "resource",
    "sdk": "sdk",
    "application": "application",
}
EVALUATIONS_BY: Final[Mapping[str, str]] = {
    "environment": "environment_id",
    "feature": "feature",
    "sdk": "sdk",
    "application": "application",
    "variant": "variant",
    "state": "enabled",
}


class Window(Struct, frozen=True):
    """Whole hours or whole days, up to the one that is running."""

    start: datetime
    step: timedelta
    count: int

    @classmethod
    def of_days(cls, days: int, now: datetime) -> "Window":
        today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(today - timedelta(days=days - 1), timedelta(days=1), days)

    @classmethod
    def of_hours(cls, hours: int, now: datetime) -> "Window":
        this_hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return cls(this_hour - timedelta(hours=hours - 1), timedelta(hours=1), hours)

    @property
    def moments(self) -> list[datetime]:
        return [self.start + self.step * place for place in range(self.count)]


class Series(Struct, frozen=True):
    """How often, at each moment of the window; ``key`` is what the rows were split by."""

    key: Any
    counts: list[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


class Usage(Struct, frozen=True):
    series: list[Series]
    others: list[int]


def usage_of(rows: QuerySet[Evaluation] | QuerySet[Request], column: str, window: Window) -> Usage:
    """`rows` within the window by `column`, the largest series first."""
    inside = rows.filter(bucket__gte=window.start)
    totals = inside.values_list(column).annotate(total=Sum("count")).order_by("-total", column)
    largest = [key for key, _ in totals[:MOST_SERIES]]
    truncated = TruncDay if window.step >= timedelta(days=1) else TruncHour
    dated = inside.annotate(moment=truncated("bucket", tzinfo=UTC))
    overall = dict(dated.values_list("moment").annotate(total=Sum("count")).order_by("moment"))
    counts: dict[Any, dict[datetime, int]] = {key: {} for key in largest}
    named = [key for key in largest if key is not None]
    unnamed = Q(**{f"{column}__isnull": True}) if None in counts else Q()
    chosen = dated.filter(Q(**{f"{column}__in": named}) | unnamed) if counts else dated.none()
    for key, moment, total in chosen.values_list(column, "moment").annotate(total=Sum("count")).order_by("moment"):
        counts[key][moment] = total
    series = [Series(key, [of_key.get(moment, 0) for moment in window.moments]) for key, of_key in counts.items()]
    told = [sum(each) for each in zip(*(one.counts for one in series), strict=True)] or [0] * window.count
    others = [overall.get(moment, 0) - part for moment, part in zip(window.moments, told, strict=True)]
    return Usage(series, others)
