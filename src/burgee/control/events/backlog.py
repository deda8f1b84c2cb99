"""How far consumers are behind."""

from msgspec import Struct

from burgee.control.events.models import Delivery, Event, RecurringJob
from burgee.control.kit import clock


class Backlog(Struct, frozen=True):
    """Events not dispatched, deliveries not done, how long the oldest has been due, jobs not run in time."""

    undispatched: int
    waiting: int
    lag_seconds: float
    overdue_jobs: int


def backlog() -> Backlog:
    now = clock.now()
    waiting = Delivery.objects.filter(done_at=None)
    oldest = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    return Backlog(
        undispatched=Event.objects.filter(dispatched_at=None).count(),
        waiting=waiting.count(),
        lag_seconds=max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0,
        overdue_jobs=RecurringJob.objects.filter(next_at__lt=now).count(),
    )
