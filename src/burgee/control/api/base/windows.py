"""Counting what came within a sliding window: in this process, or in the Redis that all processes share."""

import logging
import threading
import time
from collections import OrderedDict, deque
from typing import Any, Final

from burgee.control.kit.ids import short_uuid
from burgee.control.kit.shared_redis import redis_at

log = logging.getLogger(__name__)

MOST_KEYS: Final = 10_000
"""Beyond this many remembered keys the oldest is forgotten, so that addresses cannot fill the memory."""

ENTER: Final = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local most, seconds = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - seconds)
if redis.call('ZCARD', KEYS[1]) >= most then
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return tostring(oldest[2] + seconds - now)
end
redis.call('ZADD', KEYS[1], now, ARGV[3])
redis.call('EXPIRE', KEYS[1], math.ceil(seconds))
return '0'
"""
"""Runs inside Redis, by its clock, so that processes on several machines count as one."""


class LocalWindows:
    """Windows of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def enter(self, key: str, most: int, seconds: float) -> float:
        """Note one more of `key`, or return how many seconds to wait when `most` came in the last `seconds`."""
        now = time.monotonic()
        with self._lock:
            times = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while len(self._seen) > MOST_KEYS:
                self._seen.popitem(last=False)
            while times and times[0] <= now - seconds:
                times.popleft()
            if len(times) >= most:
                return times[0] + seconds - now
            times.append(now)
            return 0

    def clear(self) -> None:
        with self._lock:
            self._seen.clear()


class SharedWindows:
    """Windows in Redis; while that is away, those of this process."""

    def __init__(self, url: str, local: LocalWindows) -> None:
        self._url = url
        self._local = local

    def enter(self, key: str, most: int, seconds: float) -> float:
        from redis import RedisError

        try:
            waits: Any = redis_at(self._url).eval(ENTER, 1, f"burgee_window:{key}", most, seconds, short_uuid())
            return float(waits)
        except RedisError:
            log.warning("redis does not count requests; this process does")
            return self._local.enter(key, most, seconds)
