"""SCIM 2.0 for the directory of a company. Its errors have the shape of SCIM, whatever raises them."""

import json
from io import BytesIO
from typing import Any, Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.api.base import ApiView, NoScope, Public
from burgee.control.api.base.parsing import StrictJsonParser
from burgee.control.api.base.request_ids import request_id_of
from burgee.control.api.base.routing import path
from burgee.control.kit.actor import Actor
from burgee.control.scim.errors import TokenUnknown
from burgee.control.scim.tokens import provisioning_with

MEDIA_TYPE: Final = "application/scim+json"
ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimProtocol(ApiView):
    """Users, Groups, and what describes them: ServiceProviderConfig, ResourceTypes and Schemas."""

    permission = Public("the token of the organisation in the header is checked by the view")
    scope = NoScope()
    tags = ("scim",)
    produces = MEDIA_TYPE
    succeeds = {
        "get": (200, 304),
        "post": (200, 201),
        "put": (200,),
        "patch": (200, 204),
        "delete": (204,),
    }
    refuses = (401, 403, 405, 409, 412, 413, 415, 501)

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {}

    def get(self, request: Request, rest: str) -> HttpResponseBase:
        return self._answer(request, rest)

    def post(self, request: Request, rest: str) -> HttpResponseBase:
        return self._answer(request, rest)

    def put(self, request: Request, rest: str) -> HttpResponseBase:
        return self._answer(request, rest)

    def patch(self, request: Request, rest: str) -> HttpResponseBase:
        return self._answer(request, rest)

    def delete(self, request: Request, rest: str) -> HttpResponseBase:
        return self._answer(request, rest)

    def _answer(self, request: Request, rest: str) -> HttpResponseBase:
        provisioning = provisioning_with(_token_in(request))
        body = request._request.body  # noqa: SLF001 - the bytes, which REST framework parses as they are asked for
        _refuse_unstorable(body, request.content_type)
        # The libraries of SCIM take thirty megabytes: they are loaded where a directory calls.
        from burgee.control.scim.protocol import Asked, answer

        asked = Asked(
            method=request.method or "",
            path=rest,
            query=request.query_params.dict(),
            headers=dict(request.headers),
            body=body,
        )
        actor = Actor(kind="system", label="SCIM", request_id=request_id_of(request))
        told = answer(provisioning, asked, actor=actor)
        return _response(told.status, told.body, told.headers)

    def handle_exception(self, exc: Exception) -> HttpResponseBase:  # type: ignore[override]  # no renderer has this type
        answered = super().handle_exception(exc)
        headers = {"WWW-Authenticate": 'Bearer realm="SCIM"'} if answered.status_code == 401 else {}
        if "Retry-After" in answered.headers:
            headers["Retry-After"] = answered.headers["Retry-After"]
        told = {"schemas": [ERROR], "status": str(answered.status_code), "detail": _detail(answered)}
        return _response(answered.status_code, told, headers)


def _token_in(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise TokenUnknown
    return token.strip()


def _refuse_unstorable(body: bytes, content_type: str) -> None:
    """400 for text that no database holds. What is no JSON is refused by the protocol."""
    if body and (not content_type or "json" in content_type):
        StrictJsonParser().parse(BytesIO(body))


def _detail(answered: Response) -> str:
    told = answered.data
    return str(told["detail"]) if isinstance(told, dict) and "detail" in told else "This cannot be done."


def _response(status: int, body: dict[str, Any] | None, headers: dict[str, str]) -> HttpResponse:
    answered = HttpResponse(status=status, headers=headers | {"Content-Type": MEDIA_TYPE})
    if body is None:
        del answered.headers["Content-Type"]
    else:
        answered.content = json.dumps(body).encode()
    return answered


routes = [
    path("scim/v2/<path:rest>", ScimProtocol),
]
