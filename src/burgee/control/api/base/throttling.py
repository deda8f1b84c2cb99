"""How often one client may try."""

import threading
import time
from collections import OrderedDict, deque
from typing import ClassVar, Final

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

MOST_CLIENTS: Final = 10_000
"""Beyond this many remembered clients the oldest is forgotten, so that addresses cannot fill the memory."""

SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
MONTH: Final = 30 * 86_400


class ClientThrottle(BaseThrottle):
    """At most so many requests of one client address in a sliding window, counted in this process."""

    scope: ClassVar[str]
    _lock: ClassVar[threading.Lock]
    _seen: ClassVar[OrderedDict[str, deque[float]]]

    def __init_subclass__(cls) -> None:
        cls._lock = threading.Lock()
        cls._seen = OrderedDict()

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - DRF's signature
        allowed, seconds = rate(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"][self.scope])
        now = time.monotonic()
        client = request.META.get("REMOTE_ADDR") or ""
        with self._lock:
            times = self._seen.setdefault(client, deque())
            self._seen.move_to_end(client)
            while len(self._seen) > MOST_CLIENTS:
                self._seen.popitem(last=False)
            while times and times[0] <= now - seconds:
                times.popleft()
            if len(times) >= allowed:
                self._wait = times[0] + seconds - now if times else seconds
                return False
            times.append(now)
            return True

    def wait(self) -> float:
        return self._wait

    @classmethod
    def forget(cls) -> None:
        """Start counting anew."""
        with cls._lock:
            cls._seen.clear()


class LoginThrottle(ClientThrottle):
    scope = "login"


class SignUpThrottle(ClientThrottle):
    scope = "signup"


class InviteThrottle(ClientThrottle):
    scope = "invite"


class RegistrationThrottle(ClientThrottle):
    """Applications that register themselves."""

    scope = "dcr"


class TokenExchangeThrottle(ClientThrottle):
    scope = "oidc_token_exchange"


class CodeThrottle(ClientThrottle):
    scope = "mfa_code"


def rate(text: str) -> tuple[int, float]:
    """``20/min`` as (20, 60); a period that begins with ``mo`` is a month."""
    count, _, period = text.partition("/")
    return int(count), MONTH if period.startswith("mo") else SECONDS[period[:1]]
