"""How often one client may try."""

from typing import ClassVar, Final

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from burgee.control.accounts.models import User
from burgee.control.api.base.windows import LocalWindows, SharedWindows
from burgee.control.kit.digests import sha256_hex
from burgee.control.organisations.models import ApiKey

SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
MONTH: Final = 30 * 86_400


class ClientThrottle(BaseThrottle):
    """At most so many requests of one client address in a sliding window: over all processes when there is a Redis.

    A rate of None is no limit.
    """

    scope: ClassVar[str]
    _local: ClassVar[LocalWindows]

    def __init_subclass__(cls) -> None:
        cls._local = LocalWindows()

    def allow_request(self, request: Request, view: APIView) -> bool:
        allowed = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"][self.scope]
        client = self.client(request, view)
        if allowed is None or client is None:
            return True
        most, seconds = rate(allowed)
        windows = SharedWindows(settings.REDIS_URL, self._local) if settings.REDIS_URL else self._local
        self._wait = windows.enter(f"{self.scope}:{sha256_hex(client)}", most, seconds)
        return self._wait <= 0

    def client(self, request: Request, view: APIView) -> str | None:  # noqa: ARG002 - for those who ask the view
        """Who is counted; None is let through."""
        return request.META.get("REMOTE_ADDR") or ""

    def wait(self) -> float:
        return self._wait

    @classmethod
    def forget(cls) -> None:
        """Start counting anew in this process."""
        cls._local.clear()


class LoginThrottle(ClientThrottle):
    scope = "login"


class SamlThrottle(ClientThrottle):
    """A whole company may come from one address: nothing can be guessed here, only computing time be wasted."""

    scope = "saml"


class RefusalThrottle(ClientThrottle):
    """Failures that anybody can cause with what nothing proves: who cannot sign in must not fill the audit log."""

    scope = "refusal"


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


class CallerThrottle(ClientThrottle):
    """Counts people and keys, wherever they ask from."""

    scope = "caller"

    def client(self, request: Request, view: APIView) -> str | None:  # noqa: ARG002 - the view knows
        principal = getattr(view, "principal", None)
        return None if principal is None else f"{type(principal).__name__} {principal.pk}"


class UsageThrottle(CallerThrottle):
    """Sums over all that was counted."""

    scope = "usage"


class PreviewThrottle(CallerThrottle):
    """What evaluates thousands of stored identities."""

    scope = "preview"


class InsightThrottle(CallerThrottle):
    """What reads many flags of many environments."""

    scope = "insight"


class PersonThrottle(CallerThrottle):
    """All that a person asks, when the operator limits that."""

    scope = "user"

    def client(self, request: Request, view: APIView) -> str | None:
        return super().client(request, view) if isinstance(getattr(view, "principal", None), User) else None


class KeyThrottle(CallerThrottle):
    """All that a master API key asks, when the operator limits that."""

    scope = "master_api_key"

    def client(self, request: Request, view: APIView) -> str | None:
        return super().client(request, view) if isinstance(getattr(view, "principal", None), ApiKey) else None


def rate(text: str) -> tuple[int, float]:
    """``20/min`` as (20, 60); a period that begins with ``mo`` is a month."""
    count, _, period = text.partition("/")
    return int(count), MONTH if period.startswith("mo") else SECONDS[period[:1]]
