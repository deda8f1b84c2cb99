"""The time, asked for only by the outermost layer."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(tz=UTC)


def today() -> date:
    """The day in UTC."""
    return now().date()
