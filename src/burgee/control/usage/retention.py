"""Counts do not grow for ever: those that no series shows any more go."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Manager

from burgee.control.usage.models import Evaluation, Outcome, Request

BATCH: Final = 2_000
"""Rows that one statement deletes: few, so that writers wait only for a moment."""


def expire(*, before: datetime) -> int:
    """Delete counts from before that moment; returns how many rows."""
    return sum(_expire(counts, before) for counts in (Evaluation.objects, Request.objects, Outcome.objects))


def _expire(counts: "Manager[Any]", before: datetime) -> int:
    deleted = 0
    for environment_id in counts.order_by().values_list("environment_id", flat=True).distinct():
        old = counts.filter(environment_id=environment_id, bucket__lt=before).values_list("pk", flat=True)
        while batch := list(old[:BATCH]):
            deleted += counts.filter(pk__in=batch).delete()[0]
    return deleted
