"""What surrounds every request: its id, the slash at the end of its path, and the headers of its answer."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

from burgee.control.api.base.request_ids import give_request_id
from burgee.control.events.publish import publishing_pending
from burgee.wire.quirks import FLAGSMITH_VERSION

Handler = Callable[[HttpRequest], HttpResponse]

EXPOSED: Final = "Retry-After, ETag, X-Request-ID, Flagsmith-Version, Burgee-Publishing"

PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": (
        "accept, authorization, burgee-session, content-type, if-match, user-agent, x-requested-with, x-request-id, "
        "x-environment-key, "
        "x-e2e-test-auth-token, sentry-trace, traceparent, tracestate, baggage, flagsmith-application-name, "
        "flagsmith-application-version, flagsmith-sdk-user-agent"
    ),
    "Access-Control-Max-Age": "86400",
}


class Envelope:
    """Names the request, and says in the answer which level of the API this is and whether publishing lags."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A charset that the client names must not decide how paths and queries are decoded.
        request.encoding = "utf-8"
        request_id = give_request_id(request)
        publishing_pending.set(False)
        response = self.get_response(request)
        if publishing_pending.get():
            response.headers["Burgee-Publishing"] = "pending"
        response.headers["Flagsmith-Version"] = FLAGSMITH_VERSION
        response.headers["X-Request-ID"] = request_id
        response.headers.setdefault("Cache-Control", "no-cache, no-store, must-revalidate")
        response.headers.setdefault("Pragma", "no-cache")
        return response


class FinalSlash:
    """A path without its final slash: reads are redirected to it, writes are served as if it were there."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.endswith("/") or is_valid_path(path) or not is_valid_path(f"{path}/"):
            return self.get_response(request)
        if request.method in {"GET", "HEAD"}:
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{_escaped(path)}/" + (f"?{query}" if query else ""))
        request.path_info = f"{path}/"
        request.path = f"{request.path}/"
        return self.get_response(request)


class CrossOrigin:
    """Pages of the allowed origins may call the API: credentials travel in a header that a page must know."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        control = settings.CONTROL
        origin = request.headers.get("Origin")
        if origin is None or not (control.cors_allow_all or origin in control.cors_allowed_origins):
            return self.get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response = HttpResponse(headers=PREFLIGHT)
        else:
            response = self.get_response(request)
        response.headers["Access-Control-Allow-Origin"] = "*" if control.cors_allow_all else origin
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        if not control.cors_allow_all:
            patch_vary_headers(response, ["Origin"])
            if control.cookie_auth_enabled:
                response.headers["Access-Control-Allow-Credentials"] = "true"
        return response


def _escaped(path: str) -> str:
    """`path` for a Location header: never read as another host."""
    return escape_leading_slashes(escape_uri_path(path))
