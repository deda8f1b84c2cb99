"""What stands at a path: which methods it takes, who may call it, and how refusals look."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol
from urllib.parse import quote

from burgee.edge.errors import EdgeError, refused
from burgee.edge.keys import Keys, UnknownKey
from burgee.edge.later import Answer
from burgee.edge.request import EdgeRequest, accepts
from burgee.edge.response import HTML, EdgeResponse, detail, json_response
from burgee.edge.view import View
from burgee.wire import sdk

log = logging.getLogger(__name__)

SdkHandler = Callable[[EdgeRequest, View], Answer]
PlainHandler = Callable[[EdgeRequest], Answer]
FindView = Callable[[EdgeRequest], View]
CountRequest = Callable[[int, str, EdgeRequest], None]

_PARSES: Final = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]


class Route(Protocol):
    """Something that answers a request and never raises."""

    def handle(self, request: EdgeRequest) -> Answer: ...

    def serves(self, method: bytes) -> bool: ...


async def settle(answer: Awaitable[EdgeResponse]) -> EdgeResponse:
    """The response of a handler that had to wait, whatever happened to it."""
    try:
        return await answer
    except EdgeError as error:
        return error.response
    except Exception:
        log.exception("edge.handler_failed")
        return failed()


def failed() -> EdgeResponse:
    return detail(500, "Something went wrong here; it has been logged.")


class SdkRoute:
    """A route for environment keys: content negotiation, then the key, then the method, as the SDKs know it."""

    def __init__(
        self,
        methods: Mapping[bytes, SdkHandler],
        *,
        find_view: FindView,
        keys: Keys,
        name: str,
        resource: str | None = None,
        count: CountRequest | None = None,
        media_type: bytes = b"application/json",
    ) -> None:
        self._methods: Final = dict(methods)
        if b"GET" in self._methods:
            self._methods[b"HEAD"] = self._methods[b"GET"]
        self._allow = _allow_header(self._methods)
        self._find_view = find_view
        self._keys = keys
        self._resource = resource
        self._media_type = media_type
        self._count = count
        self._description = json_response(
            sdk.encode({"name": name, "description": "", "renders": _PARSES[:1], "parses": _PARSES}),
            headers=self._allow,
        )

    def handle(self, request: EdgeRequest) -> Answer:
        try:
            return self._answer(request)
        except UnknownKey as unknown:
            return unknown.response if unknown.key is None else self._after_reconciling(request)
        except EdgeError as error:
            return error.response
        except RecursionError:
            return detail(400, "The body is nested too deeply.")
        except Exception:
            log.exception("edge.handler_failed")
            return failed()

    def serves(self, method: bytes) -> bool:
        return method in self._methods

    def _answer(self, request: EdgeRequest) -> Answer:
        accept = request.headers.get(b"accept")
        if accept is not None and accept != b"*/*" and not accepts(accept, self._media_type):
            raise refused(406, "Could not satisfy the request Accept header.", headers=self._allow)
        view = self._find_view(request)
        if self._count is not None and self._resource is not None:
            self._count(view.environment_id, self._resource, request)
        handler = self._methods.get(request.method)
        if handler is None:
            return self._other_method(request)
        return handler(request, view)

    def _other_method(self, request: EdgeRequest) -> EdgeResponse:
        if request.method == b"OPTIONS":
            return self._description
        return method_not_allowed(request, self._allow)

    async def _after_reconciling(self, request: EdgeRequest) -> EdgeResponse:
        # The feed may need a task of its own, which this coroutine has only after it waited once.
        await asyncio.sleep(0)
        await self._keys.reconcile()
        answer = self.handle(request)
        return answer if isinstance(answer, EdgeResponse) else await answer


class PlainRoute:
    """A route without an environment key."""

    def __init__(self, methods: Mapping[bytes, PlainHandler]) -> None:
        self._methods: Final = dict(methods)
        if b"GET" in self._methods:
            self._methods[b"HEAD"] = self._methods[b"GET"]
        self._allow = _allow_header(self._methods)

    def handle(self, request: EdgeRequest) -> Answer:
        handler = self._methods.get(request.method)
        try:
            if handler is not None:
                return handler(request)
            if request.method == b"OPTIONS":
                return EdgeResponse(200, self._allow)
            return method_not_allowed(request, self._allow)
        except EdgeError as error:
            return error.response
        except Exception:
            log.exception("edge.handler_failed")
            return failed()

    def serves(self, method: bytes) -> bool:
        return method in self._methods


class SlashRedirect:
    """A path without its last slash: reads are sent to the right place, writes are taken as they are."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def serves(self, method: bytes) -> bool:
        return self._route.serves(method)

    def handle(self, request: EdgeRequest) -> Answer:
        if request.method not in {b"GET", b"HEAD"}:
            return self._route.handle(request)
        path = quote(request.path.decode("latin-1"), safe="/%:@!$&'()*+,;=~-._", encoding="latin-1")
        query = quote(request.query.decode("latin-1"), safe="/%:@!$&'()*+,;=~-._?[]", encoding="latin-1")
        location = f"{path}/{'?' if query else ''}{query}"
        # Two slashes at the start would name another host.
        location = "/" + location.lstrip("/")
        return EdgeResponse(301, HTML + f"location: {location}\r\n".encode("latin-1"))


def method_not_allowed(request: EdgeRequest, allow: bytes) -> EdgeResponse:
    method = request.method.decode("latin-1")
    return detail(405, f'Method "{method}" not allowed.', headers=allow)


def _allow_header(methods: Mapping[bytes, object]) -> bytes:
    order = (b"GET", b"POST", b"PUT", b"PATCH", b"DELETE", b"HEAD")
    return b"allow: " + b", ".join([*(method for method in order if method in methods), b"OPTIONS"]) + b"\r\n"
