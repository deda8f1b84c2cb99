"""The stages of a feature's life, and when it is stale: decisions without a database."""

from datetime import datetime, timedelta
from enum import StrEnum


class Stage(StrEnum):
    """Where a feature stands; the first that fits counts, from the top.

    * permanent: it carries a permanent tag;
    * stale: nobody changes it any more, but code names it;
    * needs_monitoring: stale and in no code, but still evaluated;
    * to_remove: stale, in no code, and not evaluated;
    * live: code names it;
    * new: everything else.
    """

    NEW = "new"
    LIVE = "live"
    STALE = "stale"
    PERMANENT = "permanent"
    NEEDS_MONITORING = "needs_monitoring"
    TO_REMOVE = "to_remove"


def unchanged_since(now: datetime, *, limit_days: int) -> datetime | None:
    """What has not changed since then is stale; None: nothing ever is."""
    return now - timedelta(days=limit_days) if limit_days else None
