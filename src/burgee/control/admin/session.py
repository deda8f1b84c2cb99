"""Who is in the console: a token of a superuser in a cookie that only the console's pages get."""

from collections.abc import Callable
from typing import Final, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from burgee.control.accounts.models import Token, User
from burgee.control.accounts.queries import holder_of
from burgee.control.accounts.services import sign_out

PLACE: Final = "/admin/"
COOKIE: Final = "burgee_admin"
SALT: Final = "burgee.admin"
SECONDS: Final = 8 * 3600
"""How long one sign-in lasts."""

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


class Console:
    """Around the console's pages alone: the person, the messages, the headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._elsewhere = get_response
        self._console = MessageMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PLACE):
            return self._elsewhere(request)
        found = holder(request)
        request.user = found[0] if found is not None else AnonymousUser()
        response = cast("HttpResponseBase", self._console(request))
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response


def holder(request: HttpRequest) -> tuple[User, Token] | None:
    """The superuser of the cookie with the token of the sign-in."""
    try:
        key = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    found = holder_of(str(key))
    return found if found is not None and found[0].is_superuser else None


def begin(response: HttpResponse, key: str) -> None:
    """Put the token into the cookie."""
    response.set_cookie(
        COOKIE,
        signing.dumps(key, salt=SALT),
        max_age=SECONDS,
        path=PLACE,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def end(request: HttpRequest, response: HttpResponse) -> None:
    """Forget the token here and in the browser."""
    found = holder(request)
    if found is not None:
        sign_out(found[1])
    response.delete_cookie(COOKIE, path=PLACE, samesite="Strict")
