from datetime import datetime, timedelta
from itertools import count

from burgee.control.environments.models import Environment
from burgee.control.kit import clock
from burgee.control.kit.digests import sha256_hex
from burgee.control.usage.models import Evaluation, Outcome, Request

_numbers = count(1)


def an_evaluation(environment: Environment, feature: str, *, days_ago: float = 0, **fields) -> Evaluation:
    """Some evaluations of a feature in a quarter of an hour."""
    return Evaluation.objects.create(
        **{
            "lookup": sha256_hex(f"evaluation {next(_numbers)}"),
            "environment_id": environment.pk,
            "feature": feature,
            "source": "client",
            "bucket": _bucket(days_ago),
            "count": 1,
        }
        | fields
    )


def an_outcome(environment: Environment, feature_id: int, *, days_ago: float = 0, **fields) -> Outcome:
    """How often the server told a flag, on and without a value if `fields` do not say otherwise."""
    return Outcome.objects.create(
        **{
            "lookup": sha256_hex(f"outcome {next(_numbers)}"),
            "environment_id": environment.pk,
            "feature_id": feature_id,
            "enabled": True,
            "reason": "default",
            "form": "nothing",
            "bucket": _bucket(days_ago),
            "count": 1,
        }
        | fields
    )


def a_request(environment: Environment, resource: str = "flags", *, days_ago: float = 0, **fields) -> Request:
    """Some requests of SDKs in a quarter of an hour."""
    return Request.objects.create(
        **{
            "lookup": sha256_hex(f"request {next(_numbers)}"),
            "environment_id": environment.pk,
            "resource": resource,
            "sdk": "flagsmith-python-sdk/6.3.0",
            "bucket": _bucket(days_ago),
            "count": 1,
        }
        | fields
    )


def _bucket(days_ago: float) -> datetime:
    now = clock.now()
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) - timedelta(days=days_ago)
