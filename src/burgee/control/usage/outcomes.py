"""What became of one feature where the server itself evaluated it, over time."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDay, TruncHour
from msgspec import Struct

from burgee.control.usage.models import Outcome
from burgee.control.usage.series import MOST_SERIES, Series, Usage, Window

_COLUMNS: Final = ("enabled", "reason", "variant", "form", "value", "length", "digest")


class Kind(Struct, frozen=True):
    """State and value, and whose state it was; None stands for what is not known."""

    enabled: bool | None
    reason: str | None
    variant: str | None
    form: str
    value: str | None
    is_cut: bool
    digest: str | None

    @classmethod
    def of_row(cls, *row: Any) -> "Kind":
        enabled, reason, variant, form, value, length, digest = row
        # Some engines keep no difference between nothing and empty text.
        shown = value or "" if form == "text" else value or None
        return cls(enabled, reason or None, variant or None, form, shown, length > len(shown or ""), digest or None)

    @property
    def name(self) -> str:
        """Tells it from every other one."""
        state = {True: "on", False: "off", None: "any"}[self.enabled]
        return ":".join((state, self.form, self.digest or "", self.reason or "", self.variant or ""))


def outcomes_of(rows: QuerySet[Outcome], window: Window) -> Usage:
    """`rows` within the window by outcome, the most frequent first; their keys are a `Kind`."""
    truncated = TruncDay if window.step >= timedelta(days=1) else TruncHour
    dated = rows.filter(bucket__gte=window.start).annotate(moment=truncated("bucket", tzinfo=UTC))
    counts: dict[Kind, dict[datetime, int]] = {}
    for *columns, moment, total in dated.values_list(*_COLUMNS, "moment").annotate(total=Sum("count")).order_by():
        counts.setdefault(Kind.of_row(*columns), {})[moment] = total
    series = [Series(kind, [of_kind.get(moment, 0) for moment in window.moments]) for kind, of_kind in counts.items()]
    series.sort(key=lambda one: (-one.total, one.key.name))
    hidden = [one.counts for one in series[MOST_SERIES:]]
    return Usage(series[:MOST_SERIES], [sum(each) for each in zip(*hidden, strict=True)] or [0] * window.count)
