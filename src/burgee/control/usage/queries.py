"""Statistics by day, in UTC."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, TypeVar

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate
from msgspec import Struct, structs

from burgee.control.environments.models import Environment
from burgee.control.usage.models import Evaluation, Request

KINDS: Final = frozenset({"flags", "identities", "traits", "environment_document"})

LABELS: Final = ("sdk", "application", "application_version")

Counted = TypeVar("Counted", Evaluation, Request)


class Client(Struct, frozen=True, kw_only=True):
    """Who asked, as far as it says: None stands for clients that are no SDK, and applications that have no name."""

    sdk: str | None = None
    application: str | None = None
    application_version: str | None = None


ANYBODY: Final = Client()


class DayOfRequests(Struct, frozen=True, kw_only=True):
    """The requests of one kind of client on one day."""

    day: date
    client: Client = ANYBODY
    flags: int = 0
    identities: int = 0
    traits: int = 0
    environment_document: int = 0


def evaluations_by_day(
    environment: Environment, feature: str, *, since: datetime, of: Client = ANYBODY
) -> list[tuple[date, Client, int]]:
    """How often each client, or those like `of` alone, evaluated a feature, on the days on which it did."""
    rows = Evaluation.objects.filter(environment_id=environment.pk, feature=feature, bucket__gte=since)
    by_day = _of(rows, of).annotate(day=TruncDate("bucket")).values_list("day", *LABELS).annotate(total=Sum("count"))
    return [(day, _client(*labels), total) for day, *labels, total in by_day.order_by("day", *LABELS)]


def requests_by_day(
    environments: QuerySet[Environment], *, since: datetime, of: Client = ANYBODY
) -> list[DayOfRequests]:
    """The requests by day, client and kind, where there were any, of clients like `of`."""
    rows = _of(_requests(environments).filter(bucket__gte=since), of).annotate(day=TruncDate("bucket"))
    by_day = rows.values_list("day", *LABELS, "resource").annotate(total=Sum("count"))
    return _days(by_day.order_by("day", *LABELS))


def request_count(environments: QuerySet[Environment], *, since: datetime) -> int:
    """All requests of SDKs."""
    counted: int | None = _requests(environments).filter(bucket__gte=since).aggregate(total=Sum("count"))["total"]
    return counted or 0


def _requests(environments: QuerySet[Environment]) -> QuerySet[Request]:
    return Request.objects.filter(environment_id__in=environments.values("pk"))


def _of(rows: QuerySet[Counted], client: Client) -> QuerySet[Counted]:
    return rows.filter(**{name: value for name, value in structs.asdict(client).items() if value is not None})


def _client(sdk: str | None, application: str | None, version: str | None) -> Client:
    # Some engines keep no difference between nothing and empty text.
    return Client(sdk=sdk or None, application=application or None, application_version=version or None)


def _days(rows: Iterable[tuple[date, str | None, str | None, str | None, str, int]]) -> list[DayOfRequests]:
    counts: dict[tuple[date, Client], dict[str, int]] = {}
    for day, sdk, application, version, resource, total in rows:
        kind = resource.replace("-", "_")
        if kind in KINDS:
            counted = counts.setdefault((day, _client(sdk, application, version)), {})
            counted[kind] = counted.get(kind, 0) + total
    return [DayOfRequests(day=day, client=client, **of_day) for (day, client), of_day in counts.items()]
