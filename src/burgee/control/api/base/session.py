"""Signing in by cookie: the token in a cookie that no script can read, for the dashboard.

A client that sends ``Burgee-Session: cookie`` with a sign-in gets the token as a cookie instead of in the body.
"""

from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.accounts.models import Token, User
from burgee.control.accounts.queries import holder_of
from burgee.control.api.base.authentication import CHALLENGE
from burgee.control.api.base.errors import HostUnnamed

COOKIE: Final = "burgee_session"
ENDING: Final = {
    ("POST", "/api/v1/auth/logout/"),
    ("DELETE", "/api/v1/auth/token/"),
    ("DELETE", "/api/v1/auth/users/me/"),
}
VISIT: Final = ("GET", "/api/v1/auth/users/me/")
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FOREIGN: Final = "This request comes from another site. Use the dashboard's own address, or a token."


class SignedIn(Response):
    """The answer of a sign-in: the token under ``key``, beside what else is `told`."""

    def __init__(self, key: str, told: Mapping[str, Any] | None = None, *, status: int = 200) -> None:
        super().__init__({"key": key, **(told or {})}, status=status)
        self.key = key


class CookieAuthentication(BaseAuthentication):
    """A cookie of nobody counts as none. Writes must come from a page of this server, which the browser says."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        token = request.COOKIES.get(COOKIE)
        found = holder_of(token) if token else None
        if found is None:
            return None
        if request.method not in READS and not comes_from_us(request):
            raise PermissionDenied(FOREIGN)
        return found

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        return CHALLENGE


class SignInByCookie:
    """Moves the token of a sign-in from the body into the cookie, whichever way of signing in it was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        asked = (request.method or "", request.path_info)
        if COOKIE not in request.COOKIES or response.status_code >= 300:
            return response
        if asked in ENDING:
            response.delete_cookie(COOKIE, samesite=_same_site())
        elif asked == VISIT:
            give(response, request.COOKIES[COOKIE], request)
        return response

    def process_template_response(
        self, request: HttpRequest, response: SimpleTemplateResponse
    ) -> SimpleTemplateResponse:
        if not isinstance(response, SignedIn):
            return response
        # Another site's form cannot send the header; without it, it must not sign the browser in as somebody else.
        is_trusted = "Origin" not in request.headers or comes_from_us(request)
        by_default = settings.CONTROL.cookie_auth_enabled and is_trusted
        if not (by_default or request.headers.get("Burgee-Session") == "cookie"):
            return response
        give(response, response.key, request)
        rest = {name: value for name, value in response.data.items() if name != "key"}
        response.data = rest or None
        response.status_code = response.status_code if rest else 204
        return response


def give(response: HttpResponse, token: str, request: HttpRequest) -> None:
    control = settings.CONTROL
    secure = control.use_secure_cookies
    response.set_cookie(
        COOKIE,
        token,
        max_age=control.cookie_minutes * 60,
        httponly=True,
        samesite=_same_site(),
        secure=is_https(request) if secure is None else secure,
    )


def comes_from_us(request: Request | HttpRequest) -> bool:
    """Whether the page that asks was served here or is one of those trusted; what names no origin is none."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    control = settings.CONTROL
    trusted = {*control.csrf_trusted_origins, *control.cors_allowed_origins, _origin(settings.PUBLIC_URL)}
    return urlsplit(origin).netloc == request.get_host() or origin in trusted


def comes_from_elsewhere(request: Request | HttpRequest) -> bool:
    """Whether a browser says that a page of somebody else asks; what is no browser says nothing."""
    if "Origin" in request.headers:
        return not comes_from_us(request)
    # A link that is followed has no origin; one that somebody typed comes from nowhere.
    return request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}


def refuse_strangers(request: Request | HttpRequest) -> None:
    """Raise unless whoever sets the server up comes from no page, or from a page of the server itself."""
    # Whoever installs it has it open in a browser beside pages of strangers.
    _refuse_foreign_name(request)
    if comes_from_elsewhere(request):
        raise PermissionDenied("Set up from a page of this server.")


def is_https(request: HttpRequest) -> bool:
    """A proxy that ends TLS says so; believing a liar only costs the liar the cookie."""
    said = request.headers.get("X-Forwarded-Proto", "")
    return request.is_secure() or said == "https" or settings.PUBLIC_URL.startswith("https://")


def _refuse_foreign_name(request: Request | HttpRequest) -> None:
    """Who points a name of theirs here (DNS rebinding) is one site with the server, for a browser.

    An IP address, this machine and the name of a container are nobody's; others must be given by the operator.
    """
    host = (urlsplit(f"//{request.get_host()}").hostname or "").rstrip(".")
    is_given = "*" not in settings.ALLOWED_HOSTS or host == urlsplit(settings.PUBLIC_URL).hostname
    if not (is_given or "." not in host or host.endswith(".localhost") or _is_ip(host)):
        raise HostUnnamed(host=host)


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _same_site() -> Any:
    return settings.CONTROL.cookie_same_site.capitalize()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
