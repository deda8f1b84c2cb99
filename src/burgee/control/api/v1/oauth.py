"""The authorisation server: how the CLI and MCP clients sign in, and where a person allows it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, NoScope, Public, body_of, parsed
from burgee.control.api.base.routing import path
from burgee.control.api.base.throttling import RegistrationThrottle
from burgee.control.oauth import server
from burgee.control.oauth.applications import register
from burgee.control.oauth.errors import Refused
from burgee.control.oauth.models import AccessToken
from burgee.control.oauth.protocol import SCOPES

LONGEST = 2000
QUESTION = ("client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method")


class ConsentInput(serializers.Serializer[Any]):
    allow = serializers.BooleanField()
    client_id = serializers.CharField(max_length=LONGEST)
    redirect_uri = serializers.CharField(max_length=LONGEST)
    response_type = serializers.CharField(max_length=LONGEST)
    scope = serializers.CharField(max_length=LONGEST, default="mcp")
    code_challenge = serializers.CharField(max_length=LONGEST)
    code_challenge_method = serializers.CharField(max_length=LONGEST)
    state = serializers.CharField(max_length=LONGEST, default="", allow_blank=True, trim_whitespace=False)


class Metadata(ApiView):
    """What clients find the other endpoints by (RFC 8414)."""

    permission = Public("a client reads it before it knows anything")
    scope = NoScope()
    tags = ("oauth2",)

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        here = settings.PUBLIC_URL
        dashboard = settings.FEDERATION.dashboard_url.rstrip("/") or here
        return Response(
            {
                "issuer": here,
                "authorization_endpoint": f"{dashboard}/oauth/authorize/",
                "token_endpoint": f"{here}/o/token/",
                "registration_endpoint": f"{here}/o/register/",
                "revocation_endpoint": f"{here}/o/revoke_token/",
                "introspection_endpoint": f"{here}/o/introspect/",
                "scopes_supported": list(SCOPES),
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
                "introspection_endpoint_auth_methods_supported": ["none"],
            }
        )


class Authorize(ApiView):
    """What the page of consent shows, and what it sends when the person has decided."""

    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("oauth2",)
    accepts = ConsentInput
    for_people = True

    def get(self, request: Request) -> Response:
        pairs = [(name, request.query_params[name]) for name in QUESTION if request.query_params.get(name)]
        try:
            asked = server.asked(pairs)
        except Refused as error:
            return _refused(error)
        application = {"name": asked.application.name, "client_id": asked.application.client_id}
        return Response(
            {
                "application": application,
                "scopes": asked.scopes_in_words(),
                "redirect_uri": asked.redirect_uri,
                "is_verified": asked.application.is_verified,
            }
        )

    def post(self, request: Request) -> Response:
        if isinstance(request.auth, AccessToken):
            # An application must not renew or widen by itself what a person allowed it.
            raise PermissionDenied
        facts = parsed(ConsentInput, request)
        pairs = [(name, facts[name]) for name in QUESTION if facts[name]]
        try:
            if facts["allow"]:
                return Response({"redirect_uri": server.consent(pairs, self.user, actor=self.actor)})
            return Response({"redirect_uri": server.denial(pairs)})
        except Refused as error:
            return _refused(error)


class ApplicationView(ApiView):
    """An endpoint that applications post forms to."""

    permission = Public("an application shows its own credentials, which may be none but its id")
    scope = NoScope()
    tags = ("oauth2",)
    refuses = (401,)
    answer: Callable[[server.Form, str], server.Answer]

    def post(self, request: Request) -> Response:
        told = type(self).answer(_form(request), request.headers.get("Authorization", ""))
        return Response(told.body, status=told.status, headers=dict(told.headers))


class TokenEndpoint(ApplicationView):
    answer = staticmethod(server.token_answer)


class RevokeToken(ApplicationView):
    answer = staticmethod(server.revocation_answer)


class IntrospectToken(ApplicationView):
    answer = staticmethod(server.introspection_answer)


class RegisterApplication(ApiView):
    permission = Public("an application registers before anybody knows it")
    scope = NoScope()
    tags = ("oauth2",)
    succeeds = {"post": (201,)}
    throttle_classes = (RegistrationThrottle,)

    def post(self, request: Request) -> Response:
        try:
            return Response(register(body_of(request)), status=201)
        except Refused as error:
            return _refused(error)


def _form(request: Request) -> Iterator[tuple[str, str]]:
    data = request.data
    if isinstance(data, QueryDict):
        yield from ((name, str(value)) for name, values in data.lists() for value in values)
    else:
        yield from ((name, value) for name, value in body_of(request).items() if isinstance(value, str))


def _refused(error: Refused) -> Response:
    return Response({"error": error.code, "error_description": error.description}, status=400)


routes = [path("oauth/authorize/", Authorize)]

root_routes = [
    path(".well-known/oauth-authorization-server", Metadata),
    path("o/token/", TokenEndpoint),
    path("o/revoke_token/", RevokeToken),
    path("o/introspect/", IntrospectToken),
    path("o/register/", RegisterApplication),
]
