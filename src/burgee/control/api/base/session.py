"""Signing in by cookie: the token in a cookie that no script can read, for the dashboard.

A client that sends ``Burgee-Session: cookie`` with a sign-in gets the token as a cookie instead of in the body.
"""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from burgee.control.accounts.models import Token, User
from burgee.control.accounts.queries import holder_of
from burgee.control.api.base.authentication import CHALLENGE

COOKIE: Final = "burgee_session"
SIGN_IN_PATHS: Final = "/api/v1/auth/"
LINKS: Final = "/api/v1/auth/links/"
"""No sign-in: what is called ``key`` there names a source."""

ENDING: Final = {
    ("POST", "/api/v1/auth/logout/"),
    ("DELETE", "/api/v1/auth/token/"),
    ("DELETE", "/api/v1/auth/users/me/"),
}
VISIT: Final = ("GET", "/api/v1/auth/users/me/")
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FOREIGN: Final = "This request comes from another site. Use the dashboard's own address, or a token."


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
        told: Any = getattr(response, "data", None)
        # Another site's form cannot send the header; without it, it must not sign the browser in as somebody else.
        is_trusted = "Origin" not in request.headers or comes_from_us(request)
        by_default = settings.CONTROL.cookie_auth_enabled and is_trusted
        wanted = by_default or request.headers.get("Burgee-Session") == "cookie"
        is_sign_in = request.method == "POST" and request.path_info.startswith(SIGN_IN_PATHS)
        is_sign_in = is_sign_in and request.path_info != LINKS
        if not (wanted and is_sign_in and response.status_code < 300 and isinstance(told, dict) and "key" in told):
            return response
        give(response, told["key"], request)
        rest = {name: value for name, value in told.items() if name != "key"}
        response.data = rest or None  # type: ignore[attr-defined]  # DRF's response has it
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


def is_https(request: HttpRequest) -> bool:
    """A proxy that ends TLS says so; believing a liar only costs the liar the cookie."""
    said = request.headers.get("X-Forwarded-Proto", "")
    return request.is_secure() or said == "https" or settings.PUBLIC_URL.startswith("https://")


def _same_site() -> Any:
    return settings.CONTROL.cookie_same_site.capitalize()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
