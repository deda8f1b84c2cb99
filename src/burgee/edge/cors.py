"""Which web pages may call the SDK routes."""

from typing import Final

from burgee.edge.request import EdgeRequest
from burgee.edge.response import HTML, EdgeResponse
from burgee.edge.settings import EdgeSettings

_ALLOWED_HEADERS: Final = (
    "accept",
    "accept-encoding",
    "authorization",
    "content-type",
    "dnt",
    "if-none-match",
    "last-event-id",
    "origin",
    "user-agent",
    "x-csrftoken",
    "x-requested-with",
    "x-environment-key",
    "x-e2e-test-auth-token",
    "flagsmith-application-name",
    "flagsmith-application-version",
    "flagsmith-sdk-user-agent",
)
_METHODS: Final = "DELETE, GET, OPTIONS, PATCH, POST, PUT"
_EXPOSED: Final = b"access-control-expose-headers: Retry-After, ETag, X-Flagsmith-Document-Updated-At\r\n"


class Cors:
    """`always` goes with every answer; `decorate` is only needed when origins are listed one by one."""

    def __init__(self, settings: EdgeSettings) -> None:
        self.allows_all: Final = settings.cors_allow_all
        self._origins = frozenset(origin.encode() for origin in settings.cors_allowed_origins)
        self.always: Final = b"access-control-allow-origin: *\r\n" + _EXPOSED if self.allows_all else b""
        allowed = ", ".join((*_ALLOWED_HEADERS, *settings.cors_extra_headers))
        self._preflight = EdgeResponse(
            200,
            HTML
            + f"access-control-allow-headers: {allowed}\r\naccess-control-allow-methods: {_METHODS}\r\n".encode()
            + b"access-control-max-age: 86400\r\nvary: Origin\r\n",
        )

    def preflight(self, request: EdgeRequest) -> EdgeResponse | None:
        """The answer to a browser that asks first; None for any other request."""
        headers = request.headers
        if request.method != b"OPTIONS" or b"origin" not in headers or b"access-control-request-method" not in headers:
            return None
        return self._preflight

    def decorate(self, request: EdgeRequest, response: EdgeResponse) -> EdgeResponse:
        origin = request.headers.get(b"origin")
        if origin is None or origin not in self._origins:
            return response
        return response.with_headers(b"access-control-allow-origin: " + origin + b"\r\n" + _EXPOSED)
