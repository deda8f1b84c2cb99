"""The Redis that machines share, if there is one."""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from redis import Redis

PATIENCE_SECONDS: Final = 0.5
"""Requests of people wait for it, so that it may not be slow."""


@lru_cache(maxsize=4)
def redis_at(url: str) -> "Redis":
    from redis import Redis

    return Redis.from_url(url, socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS)
