"""Noticing the first evaluation of an environment. No edit of anybody's, so no event tells it."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from burgee.control.environments.models import Environment
from burgee.control.kit import clock
from burgee.control.onboarding.models import FirstEvaluation
from burgee.control.usage.models import Request

RESOURCES: Final = ("flags", "identities", "environment-document")
"""The requests that ask for flags."""

QUARTER: Final = timedelta(minutes=15)
"""Usage is counted by quarters of an hour."""


def first_evaluation(environment: Environment) -> FirstEvaluation | None:
    """The first evaluation by an SDK, noted when it is found for the first time; None while there was none."""
    known = FirstEvaluation.objects.filter(environment=environment).first()
    if known is not None:
        return known
    first = _requests().filter(environment_id=environment.pk).order_by("bucket", "pk").first()
    if first is None:
        return None
    at = max(environment.created_date, min(clock.now(), first.bucket + QUARTER))
    return note_evaluation(environment, sdk_label=first.sdk, at=at)


def note_evaluation(environment: Environment, *, sdk_label: str | None, at: datetime) -> FirstEvaluation:
    """Note the first evaluation; what is noted already stays."""
    try:
        with transaction.atomic():
            return FirstEvaluation.objects.create(environment=environment, at=at, sdk_label=sdk_label)
    except IntegrityError:
        return FirstEvaluation.objects.get(environment=environment)


def note_first_evaluations() -> int:
    """Note those that nobody asked for, before usage that old is let go; returns how many there were."""
    waiting = Environment.objects.living().filter(first_evaluation=None, pk__in=_requests().values("environment_id"))
    return sum(first_evaluation(environment) is not None for environment in waiting.order_by("pk"))


def _requests() -> QuerySet[Request]:
    return Request.objects.filter(resource__in=RESOURCES).exclude(sdk=None).exclude(sdk="")
