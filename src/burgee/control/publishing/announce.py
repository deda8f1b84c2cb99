"""Telling other processes that an environment has a new revision; who misses it finds it by asking."""

import logging
from typing import Final

from django.conf import settings
from django.db import connection

from burgee.control.kit.shared_redis import redis_at

log = logging.getLogger(__name__)

CHANNEL: Final = "burgee_published"
"""Both the channel of PostgreSQL's NOTIFY and that of Redis."""


def notify(environment_id: int, epoch: int, revision: int) -> None:
    """Have PostgreSQL tell its listeners when this transaction commits; other engines have no such thing."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload(environment_id, epoch, revision)])


def broadcast(environment_id: int, epoch: int, revision: int) -> None:
    """Tell the subscribers in Redis, if there is one; a Redis that is away is logged and left alone."""
    url = settings.REDIS_URL
    if not url:
        return
    from redis import RedisError

    try:
        redis_at(url).publish(CHANNEL, payload(environment_id, epoch, revision))
    except RedisError:
        log.warning("redis does not take announcements", extra={"environment_id": environment_id})


def payload(environment_id: int, epoch: int, revision: int) -> str:
    return f"{environment_id}:{epoch}:{revision}"
