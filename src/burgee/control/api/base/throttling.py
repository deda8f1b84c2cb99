"""How often one client may try."""

from typing import ClassVar, Final

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from burgee.control.api.base.windows import LocalWindows, SharedWindows
from burgee.control.kit.digests import sha256_hex

SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
MONTH: Final = 30 * 86_400


class ClientThrottle(BaseThrottle):
    """At most so many requests of one client address in a sliding window: over all processes when there is a Redis."""

    scope: ClassVar[str]
    _local: ClassVar[LocalWindows]

    def __init_subclass__(cls) -> None:
        cls._local = LocalWindows()

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - DRF's signature
        most, seconds = rate(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"][self.scope])
        client = request.META.get("REMOTE_ADDR") or ""
        windows = SharedWindows(settings.REDIS_URL, self._local) if settings.REDIS_URL else self._local
        self._wait = windows.enter(f"{self.scope}:{sha256_hex(client)}", most, seconds)
        return self._wait <= 0

    def wait(self) -> float:
        return self._wait

    @classmethod
    def forget(cls) -> None:
        """Start counting anew in this process."""
        cls._local.clear()


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
